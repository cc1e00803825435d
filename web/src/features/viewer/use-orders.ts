import { useEffect, useRef, useState } from "react";
import { useQuote } from "../../api/quotes";
import { problemOf } from "../../api/request";
import { useTakeFrame } from "../../api/review";
import type { Asset, Estimate, Generation, Order, Problem } from "../../api/shapes";
import { type Card, isPlayable } from "../../cards/card";
import { useAnnounce } from "../../components/announcer";
import { useToast } from "../../components/toasts";
import type { Filling } from "../../draft/draft";
import { sentences } from "../../format/words";
import { useOrdering } from "../../orders/use-ordering";

/** Fills the form. */
type Put = (part: Filling, title: string) => void;

export interface Orders {
  /** The same again: it costs what is written on it. */
  another: {
    run: () => void;
    /** The same once the person has been told that there is too little room. */
    runAnyway: () => void;
    price: Estimate | null;
    /** Why it would be refused. */
    refusal: string | null;
    isReady: boolean;
    /** Why the last press has ordered nothing. */
    notOrdered: Problem | null;
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
export function useOrders(card: Card, put: Put): Orders {
  const { asset, generation } = card;
  const { toast, toastProblem } = useToast();
  const takeFrame = useTakeFrame();
  const another = useAnother(card);

  const withFrame = async (at: "last" | number, then: (picture: Asset) => void) => {
    if (!asset) return;
    try {
      then(await takeFrame.mutateAsync({ assetId: asset.id, at }));
    } catch (error) {
      toastProblem(problemOf(error));
    }
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
  put: Put,
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

function useAnother({ id, generation }: Card): Orders["another"] {
  const { toast, toastProblem } = useToast();
  const announce = useAnnounce();
  const order = orderOf(generation);
  const quote = useQuote(order, generation !== null);
  const ordering = useOrdering(generation?.project_id ?? "");
  const [notOrdered, setNotOrdered] = useState<{ id: string; problem: Problem } | null>(null);
  const openId = useOpenId(id);
  if (!generation) return null;
  const refusal = quote.data?.items[0]?.problem?.title ?? null;
  const price = quote.isPlaceholderData ? null : (quote.data?.total ?? null);
  const isReady = price !== null && refusal === null && !ordering.isPending && !ordering.isResting;
  const send = async (ignoreRoom: boolean) => {
    const sent =
      price && refusal === null ? ordering.send(order, { maxCost: price.high, ignoreRoom }) : null;
    if (sent === null) return;
    setNotOrdered(null);
    try {
      await sent;
      toast({ title: "Asked for another take.", level: "success" });
    } catch (error) {
      const problem = problemOf(error);
      setNotOrdered({ id, problem });
      if (openId.current === id) announce(sentences(problem));
      // Nobody looks at the card any more.
      else toastProblem(problem, undefined, `not-ordered-${id}`);
    }
  };
  return {
    run: () => void send(false),
    runAnyway: () => void send(true),
    price,
    refusal,
    isReady,
    notOrdered: notOrdered?.id === id ? notOrdered.problem : null,
  };
}

/** Which card is open now; null once none is. */
function useOpenId(id: string) {
  const openId = useRef<string | null>(id);
  useEffect(() => {
    openId.current = id;
    return () => {
      openId.current = null;
    };
  }, [id]);
  return openId;
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
