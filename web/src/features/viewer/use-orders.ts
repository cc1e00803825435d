import { useSubmitOrder } from "../../api/generations";
import { useQuote } from "../../api/quotes";
import { problemOf } from "../../api/request";
import { useTakeFrame } from "../../api/review";
import type { Asset, Generation, Order } from "../../api/shapes";
import { type Card, isPlayable } from "../../cards/card";
import { useToast } from "../../components/toasts";
import { cost } from "../../format/money";
import type { FillForm } from "./desk";

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
export function useOrders(card: Card, fill: FillForm, close: () => void): Orders {
  const { asset, generation } = card;
  const { toast, toastProblem } = useToast();
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
  const putIn = (picture: Asset) => {
    fill({ image: picture, ...(generation ? { prompt: generation.prompt } : {}) });
    toast({ title: "The frame is in the form as the first image.", level: "success" });
    close();
  };
  const told = (part: Parameters<FillForm>[0], title: string) => () => {
    fill(part);
    toast({ title, level: "success" });
    close();
  };
  const hasFrames = asset?.kind === "video" && isPlayable(asset);
  return {
    another,
    continueFromLast: hasFrames ? () => void withFrame("last", putIn) : null,
    continueFrom: hasFrames ? (frame) => void withFrame(frame, putIn) : null,
    keepFrame: hasFrames
      ? (frame) =>
          void withFrame(frame, ({ name }) =>
            toast({
              title: `Kept as “${name}”.`,
              detail: "It is in this project.",
              level: "success",
            }),
          )
      : null,
    useImage:
      asset?.kind === "image" && asset.media.state === "saved"
        ? told({ image: asset }, "The picture is in the form as the first image.")
        : null,
    useAll: generation
      ? told(
          {
            prompt: generation.prompt,
            models: [generation.model],
            settings: generation.settings,
          },
          "Its prompt and settings are in the form.",
        )
      : null,
    useSettings: generation
      ? told(
          { prompt: generation.prompt, models: [], settings: generation.settings },
          "Its prompt and settings are in the form. Choose a model.",
        )
      : null,
    usePrompt: generation
      ? told({ prompt: generation.prompt }, "Its prompt is in the form.")
      : null,
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
    submit.mutate(order, {
      onSuccess: () => toast({ title: "Asked for another take.", level: "success" }),
      onError: (error) => toastProblem(problemOf(error)),
    });
  };
  return { run, price, refusal, isBusy: submit.isPending };
}

/** The same order, without the seed: with it the same clip would be made once more. */
function orderOf(generation: Generation | null): Order {
  const { seed: _seed, ...settings } = generation?.settings ?? {};
  return {
    prompt: generation?.prompt ?? "",
    models: generation ? [generation.model] : [],
    settings,
    image: generation?.image ?? null,
    end_image: generation?.end_image ?? null,
  };
}
