import * as z from 'zod';

const fields = z.record(z.string(), z.unknown());

/** The Rancher server of the practice data: its lists, each object by its id, and what its own deployment gives it. */
export const rancherSchema = z.strictObject({
  /** The user whose token is used. */
  me: z.string(),
  lists: z.partialRecord(
    z.enum([
      'authConfigs',
      'clusters',
      'globalRoleBindings',
      'nodeDrivers',
      'nodeTemplates',
      'settings',
      'users',
    ]),
    z.record(z.string(), fields),
  ),
  /** The environment of the deployment; none where the server was installed in another way. */
  environment: z.record(z.string(), z.string()).optional(),
  /** Passwords of local accounts. Only such as everybody knows. */
  passwords: z.record(z.string(), z.string()).default({}),
});

/** The Rancher server of the lab as it stands. */
export type LabRancher = z.infer<typeof rancherSchema>;
