/** Causes that no booted node of these tests shows, and why. */
export const unseenCauses: Readonly<Record<string, string>> = {
  'callers-have-credentials': 'Who asks from outside the cluster, and with what, only a person can say.',
  'tunnel-checksums': 'Whether large packets arrive in pods of other nodes, only a person can say.',
  'kernel-whole':
    'The nodes share the kernel of the machine that boots them, and no message of a kernel reaches their journal.',
  'apiserver-node-restriction':
    'RKE2 gives the API server this plugin itself, and no configuration of it takes the plugin away.',
  'handed-out-resolver-of-the-node':
    'The programs in the containers of the stand-in of RKE only wait, and none of them is called kubelet.',
};
