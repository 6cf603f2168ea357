// Hands the surface (size, glyphs, letters, colours) to whatever draws.
import { createContext, type ReactNode, useContext } from "react";
import { makeSurface, type Surface } from "../theme/surface.ts";

const Context = createContext<Surface>(makeSurface({ columns: 80, rows: 24 }));

export function SurfaceProvider({ surface, children }: { surface: Surface; children: ReactNode }): ReactNode {
  return <Context.Provider value={surface}>{children}</Context.Provider>;
}

export function useSurface(): Surface {
  return useContext(Context);
}
