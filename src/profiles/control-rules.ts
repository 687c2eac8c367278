type Asked = {
  readonly target: string;
  readonly roles: readonly unknown[];
  readonly notApplicable?: string | undefined;
  readonly wants: readonly unknown[];
};

/** Whether a control that is asked on nodes says on which. */
export function namesRoles({ target, roles }: Asked): boolean {
  return target !== 'node' || roles.length > 0;
}

/** Whether a control wants something, or says why not. */
export function wantsSomething({ notApplicable, wants }: Asked): boolean {
  return (notApplicable === undefined) === wants.length > 0;
}

/** What is wrong where `namesRoles` does not hold. */
export const roleless = {
  path: ['roles'],
  message: 'must name at least one role, for this control is asked on nodes',
};
/** What is wrong where `wantsSomething` does not hold. */
export const wantless = {
  path: ['wants'],
  message: 'must name at least one thing, or else notApplicable must say why there is none',
};
