import { useSubmitOrder } from "../../api/orders";
import { useQuote } from "../../api/quotes";
import { problemOf } from "../../api/request";
import { useTakeFrame } from "../../api/review";
import type { Asset, Generation, Order } from "../../api/shapes";
import { type Card, isPlayable } from "../../cards/card";
import { useToast } from "../../components/toasts";
import type { Filling } from "../../draft/draft";
import { useDraft } from "../../draft/use-draft";
import { cost } from "../../format/money";

export interface Orders {
  /** The same again: it costs what is written on it. */
  another: {
    run: () => void;
    price: string | null;
    refusal: string | null;
    isBusy: boolean;
  } | null;
  continueFromLast: (() => void) | null;
  /** Keeps the frame that is shown as a picture, and puts it into the form. */
  continueFrom: ((frame: number) => void) | null;
  /** Keeps the frame that is shown as a picture of the project. */
  keepFrame: ((frame: number) => void) | null;
  useImage: (() => void) | null;
  useAll: (() => void) | null;
  useSettings: (() => void) | null;
  usePrompt: (() => void) | null;
}

/** What can be made out of a card. Only "another take" orders; all else fills the form. */
export function useOrders(card: Card, projectId: string, close: () => void): Orders {
  const { asset, generation } = card;
  const { toast, toastProblem } = useToast();
  const { fill } = useDraft();
  const takeFrame = useTakeFrame();
  const another = useAnother(generation);

  const withFrame = async (at: "last" | number, then: (picture: Asset) => void) => {
    if (!asset) return;
    try {
      then(await takeFrame.mutateAsync({ assetId: asset.id, at }));
    } catch (error) {
      toastProblem(problemOf(error));
    }
  };
  const put = (part: Filling, title: string) => {
    const takeBack = fill(projectId, part);
    toast({ title, level: "success", action: { label: "Undo", run: takeBack }, duration: 10_000 });
    close();
  };
  const goOn = ({ id }: Asset) =>
    put(
      { image: id, ...(generation ? { prompt: generation.prompt } : {}) },
      "The frame is in the form as the first image.",
    );
  const kept = ({ name }: Asset) =>
    toast({ title: `Kept as “${name}”.`, detail: "It is in the library.", level: "success" });

  const hasFrames = asset?.kind === "video" && isPlayable(asset);
  const isImage = asset?.kind === "image" && asset.media.state === "saved";
  return {
    another,
    continueFromLast: hasFrames ? () => void withFrame("last", goOn) : null,
    continueFrom: hasFrames ? (frame) => void withFrame(frame, goOn) : null,
    keepFrame: hasFrames ? (frame) => void withFrame(frame, kept) : null,
    useImage: isImage
      ? () => put({ image: asset.id }, "The picture is in the form as the first image.")
      : null,
    ...formOf(generation, put),
  };
}

function formOf(
  generation: Generation | null,
  put: (part: Filling, title: string) => void,
): Pick<Orders, "useAll" | "useSettings" | "usePrompt"> {
  if (!generation) return { useAll: null, useSettings: null, usePrompt: null };
  const { prompt, model, settings, image, end_image: endImage } = generation;
  const all: Filling = { prompt, settings, image, ...(endImage ? { endImage } : {}) };
  return {
    useAll: () => put({ ...all, models: [model] }, "Its prompt and settings are in the form."),
    useSettings: () =>
      put({ ...all, models: [] }, "Its prompt and settings are in the form. Choose a model."),
    usePrompt: () => put({ prompt }, "Its prompt is in the form."),
  };
}

function useAnother(generation: Generation | null): Orders["another"] {
  const { toast, toastProblem } = useToast();
  const order = orderOf(generation);
  const quote = useQuote(order, generation !== null);
  const submit = useSubmitOrder(generation?.project_id ?? "");
  if (!generation) return null;
  const refusal = quote.data?.items[0]?.problem?.title ?? null;
  const price = quote.data?.total ? cost(quote.data.total) : null;
  const run = () => {
    if (submit.isPending || refusal !== null || price === null) return;
    submit.mutate(
      { order, limits: { maxCost: quote.data?.total?.high ?? "0" } },
      {
        onSuccess: () => toast({ title: "Asked for another take.", level: "success" }),
        onError: (error) => toastProblem(problemOf(error)),
      },
    );
  };
  return { run, price, refusal, isBusy: submit.isPending };
}

/** The same order, without the seed: with it the same clip would be made once more. */
function orderOf(generation: Generation | null): Order {
  const { seed: _seed, ...settings } = generation?.settings ?? {};
  return {
    prompt: generation?.prompt ?? "",
    models: generation ? [generation.model] : [],
    model_settings: {},
    takes: 1,
    settings,
    image: generation?.image ?? null,
    end_image: generation?.end_image ?? null,
  };
}
