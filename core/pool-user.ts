// Whether the host that a spec names is the one that has used a pool last.

/** By name or by host id (8 hex digits); case does not matter. */
export function isNamed(user: { name: string; hostid: string }, named: string | null): boolean {
  const wanted = named?.toLowerCase();
  return wanted !== undefined && wanted !== "" && (wanted === user.name.toLowerCase() || wanted === user.hostid);
}
