// Every source of status that the daemon runs, at most one for each part: a new one is one file and one line here.
import { makeControllersSource } from "../controllers/controllers-source.ts";
import { healthSources } from "../health/sources.ts";
import { makeNetworkSources } from "../network/network-source.ts";
import type { Board } from "./board.ts";
import type { AnySource } from "./hub.ts";

/**
 * Sources remember, so each daemon makes its own. `version` is Multiverse's; what the board knows of the controllers says
 * whose the taps of the network are.
 */
export function makeSources(version: string, board: Pick<Board, "part">): readonly AnySource[] {
  const { network, endpoints } = makeNetworkSources({ controllers: () => board.part("controllers").value ?? [] });
  return [network, endpoints, makeControllersSource(), ...(healthSources({ version }) as readonly AnySource[])];
}
