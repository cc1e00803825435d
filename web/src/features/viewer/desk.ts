import type { Asset, Generation } from "../../api/shapes";

/** What goes into the form for a new take; what is left out stays as it is. */
export interface FormPart {
  prompt?: string;
  models?: readonly string[];
  settings?: Generation["settings"];
  /** An image asset: the first picture of the clip. Null takes it out. */
  image?: Asset | null;
}

export type FillForm = (part: FormPart) => void;
