import type { CSSProperties } from "react";
import { posterAddress } from "../api/assets";
import type { Asset } from "../api/shapes";
import { hasStill } from "../cards/card";

const USUAL = 16 / 9;

/** The shape of a picture, for the stylesheet that fits it into its place. */
export function shapeOf({ width, height }: Pick<Asset, "width" | "height">): CSSProperties {
  const ratio = width && height ? width / height : USUAL;
  return { "--ratio": ratio } as CSSProperties;
}

/** The picture before it plays. */
export const posterOf = (asset: Asset): string | undefined =>
  hasStill(asset) ? posterAddress(asset.id) : undefined;
