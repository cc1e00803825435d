import { useState } from "react";
import { useImportFiles } from "../../api/assets";
import { problemOf } from "../../api/request";
import type { Problem } from "../../api/shapes";

const TYPES = ["image/png", "image/jpeg", "image/webp"];
export const IMAGE_TYPES = TYPES.join(",");

const NO_IMAGE: Problem = {
  code: "image_unusable",
  title: "This is not an image that can be used.",
  detail: "",
  remedy: "Choose a PNG, JPEG or WebP image.",
  retryable: false,
  facts: {},
};

/** The first usable image among files that were chosen, dropped or pasted. */
export const imageAmong = (files: Iterable<File>): File | undefined =>
  [...files].find(({ type }) => TYPES.includes(type));

/** Brings an image into the project, from wherever it comes. */
export function useBringImage(projectId: string, onBrought: (assetId: string) => void) {
  const upload = useImportFiles(projectId);
  const [isRefused, setRefused] = useState(false);
  const bring = async (files: Iterable<File>) => {
    const file = imageAmong(files);
    setRefused(file === undefined);
    if (file === undefined) return;
    const assets = await upload.mutateAsync([file]).catch(() => []); // told as upload.error
    const image = assets.find(({ kind }) => kind === "image");
    if (image) onBrought(image.id);
  };
  const failed = upload.error ? problemOf(upload.error) : null;
  return { bring, isPending: upload.isPending, problem: isRefused ? NO_IMAGE : failed };
}
