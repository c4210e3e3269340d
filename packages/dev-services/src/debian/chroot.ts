/** PostgreSQL refuses to run as root. The number has no owner on Debian. */
export const SERVICE_UID = 900;

/** The command that runs a program of the tree as its unprivileged user. */
export function inTree(tree: string, words: readonly string[]): readonly [string, string[]] {
  return ['chroot', [`--userspec=${SERVICE_UID}:${SERVICE_UID}`, tree, ...words]];
}
