import { type ClipboardEvent, type FormEvent, type KeyboardEvent, useMemo, useRef } from "react";
import { useQuote } from "../../api/quotes";
import type { Estimate, Model, ModelList, Order, Problem, Quote } from "../../api/shapes";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Tabs } from "../../components/tabs";
import { type Draft, inputsOf, TABS, withInputs } from "../../draft/draft";
import { useDraft } from "../../draft/use-draft";
import { useShortcuts } from "../../shortcuts/use-shortcuts";
import { ImageField } from "./image-field";
import { ModelField } from "./model-field";
import { OrderLine } from "./order-line";
import { PromptField } from "./prompt-field";
import styles from "./prompt-form.module.css";
import { placed } from "./refusal";
import { ordered } from "./rules";
import { SettingFields } from "./setting-fields";
import { TakesField } from "./takes-field";
import { type Chosen, chosenOf, misfitsOf, shownValue } from "./together";
import { imageAmong, useBringImage } from "./use-bring-image";
import { useGenerate } from "./use-generate";

/** The price does not depend on the prompt: so it is known before the first word. */
const STAND_IN_PROMPT = "A clip.";
/** The same for an image that is still to be chosen. */
const STAND_IN_IMAGE = "to-be-chosen";
const TITLES = { text: "From text", image: "From an image" } as const;

interface Props {
  projectId: string;
  /** The project's name, where it has to be said. */
  into: string | null;
  models: ModelList;
  /** Whether the list of models is open. */
  isChoosing: boolean;
  onChoosing: (isChoosing: boolean) => void;
}

export function PromptForm({ projectId, into, models, isChoosing, onChoosing }: Props) {
  const { draft, change: changeDraft, bringBack, forgetAside } = useDraft();
  const generate = useGenerate(projectId, forgetAside);
  const form = useRef<HTMLFormElement>(null);
  const prompt = useRef<HTMLTextAreaElement>(null);

  const change = (make: (before: Draft) => Draft) => {
    generate.forget();
    changeDraft(make);
  };
  const isFromImage = draft.tab === "image";
  const task = isFromImage ? "image-to-video" : "text-to-video";
  const inputs = inputsOf(draft, projectId);
  const asked = useMemo(() => askedOf(models, draft.models), [models, draft.models]);
  const chosen = useMemo(
    () => chosenOf(asked, task, draft.settings),
    [asked, task, draft.settings],
  );
  const isAnyChosen = chosen.length > 0;
  const takesEndImage =
    isFromImage && isAnyChosen && chosen.every((one) => one.capabilities.takes_end_image);
  const order: Order = {
    prompt: draft.prompts[draft.tab],
    models: chosen.map(({ model }) => model.id),
    settings: {},
    model_settings: Object.fromEntries(
      chosen.map(({ model, capabilities, values }) => [model.id, ordered(capabilities, values)]),
    ),
    takes: draft.takes,
    image: isFromImage ? inputs.image : null,
    end_image: takesEndImage && inputs.image ? inputs.endImage : null,
  };
  const quote = useQuote(
    {
      ...order,
      prompt: STAND_IN_PROMPT,
      image: isFromImage ? (order.image ?? STAND_IN_IMAGE) : null,
    },
    isAnyChosen,
  );
  const quoted = isAnyChosen ? quote.data : undefined;
  const total = quoted?.total ?? null;
  const refused = isAnyChosen
    ? (quoted?.items.find(({ problem }) => problem !== null)?.problem ?? null)
    : noModel(asked.length > 0, isFromImage);
  const problemAt = placed(generate.problem ?? refused, fieldsOf(chosen));
  const limit = Math.min(...chosen.map(({ model }) => model.prompt_limit));
  const isReady =
    !generate.isPending && !generate.isResting && total !== null && !quote.isPlaceholderData;

  const send = (ignoreRoom: boolean) => {
    if (!isReady) return;
    if (isFromImage && inputs.image === null) {
      form.current?.querySelector<HTMLElement>("[data-image] button")?.focus();
      generate.refuse(NO_IMAGE);
      return;
    }
    if (order.prompt.trim() === "") prompt.current?.focus();
    void generate.order(order, { maxCost: total.high, ignoreRoom });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(false);
  };
  const bringImage = (image: string) =>
    change((before) => ({ ...withInputs(before, projectId, { image }), tab: "image" }));
  const pasted = useBringImage(projectId, bringImage);
  const paste = (event: ClipboardEvent) => {
    if (!imageAmong(event.clipboardData.files)) return;
    event.preventDefault();
    void pasted.bring(event.clipboardData.files);
  };
  useShortcuts({
    "generate.submit": ({ target }) => {
      if (target instanceof Node && form.current?.contains(target)) send(false);
    },
  });

  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={submit}
      onKeyDown={keepFromRepeating}
      onPaste={paste}
      aria-label="Generate"
    >
      {bringBack && (
        <Button
          look="quiet"
          className={styles.back ?? ""}
          onClick={() => {
            generate.forget();
            bringBack();
            prompt.current?.focus(); // the button goes away
          }}
        >
          <Icon name="undo" />
          Bring back what I had
        </Button>
      )}
      <Tabs
        label="What it is made from"
        tabs={TABS.map((value) => ({ value, title: TITLES[value] }))}
        value={draft.tab}
        onChange={(tab) => change((before) => ({ ...before, tab }))}
      >
        <div className={styles.panel}>
          {isFromImage && (
            <div data-image className={styles.images}>
              <ImageField
                projectId={projectId}
                label="Image"
                isPastedTo
                chosen={inputs.image}
                problem={problemAt("image") ?? pasted.problem}
                onChoose={(image) => change((before) => withInputs(before, projectId, { image }))}
              />
              {takesEndImage && inputs.image && (
                <ImageField
                  projectId={projectId}
                  label="End image (optional)"
                  chosen={inputs.endImage}
                  problem={problemAt("end_image")}
                  onChoose={(endImage) =>
                    change((before) => withInputs(before, projectId, { endImage }))
                  }
                />
              )}
            </div>
          )}
          <PromptField
            ref={prompt}
            value={order.prompt}
            limit={Number.isFinite(limit) ? limit : null}
            problem={problemAt("prompt")}
            onChange={(text) =>
              change((before) => ({
                ...before,
                prompts: { ...before.prompts, [before.tab]: text },
              }))
            }
          />
        </div>
      </Tabs>
      <ModelField
        models={models.items}
        chosen={asked}
        task={task}
        prices={pricesOf(quoted)}
        misfits={misfitsOf(chosen, draft.settings)}
        problem={problemAt("model") ?? problemAt("models")}
        isOpen={isChoosing}
        setOpen={onChoosing}
        onChoose={(ids) => change((before) => ({ ...before, models: ids }))}
      />
      <SettingFields
        chosen={chosen}
        wanted={draft.settings}
        takes={draft.takes}
        problemAt={problemAt}
        onChange={(name, value) =>
          change((before) => ({
            ...before,
            settings: { ...before.settings, ...shownOf(chosen, before.settings), [name]: value },
          }))
        }
      />
      <TakesField
        value={draft.takes}
        modelCount={chosen.length}
        onChange={(takes) => change((before) => ({ ...before, takes }))}
      />
      <OrderLine
        into={into}
        total={total}
        count={draft.takes * chosen.length}
        why={isAnyChosen ? "No price yet" : "Choose a model first"}
        problem={problemAt("order")}
        told={generate.told}
        isReady={isReady}
        isPending={generate.isPending}
        isResting={generate.isResting}
        onOrderAnyway={() => send(true)}
      />
    </form>
  );
}

function noModel(isOneAsked: boolean, isFromImage: boolean): Problem {
  const unable = isFromImage
    ? "What is chosen cannot start from an image."
    : "What is chosen needs an image.";
  return {
    code: "model_missing",
    title: "Choose a model.",
    detail: isOneAsked ? unable : "",
    remedy: "",
    retryable: false,
    facts: { field: "models" },
  };
}

const NO_IMAGE = {
  code: "image_missing",
  title: "No image is chosen.",
  detail: "",
  remedy: "Choose, drop or paste one, or make it from text.",
  retryable: false,
  facts: { field: "image" },
};

/** A key that is held down orders once: the browser would press the button again and again. */
function keepFromRepeating(event: KeyboardEvent): void {
  const isButton = event.target instanceof HTMLElement && event.target.closest("button") !== null;
  if (event.key === "Enter" && event.repeat && isButton) event.preventDefault();
}

/** The models that were chosen, as far as they can be used now; otherwise the studio's own. */
function askedOf({ items, default: usual }: ModelList, wanted: readonly string[] | null): Model[] {
  if (wanted?.length === 0) return []; // to be chosen: nobody is asked unseen
  const usable = items.filter(({ unavailable }) => unavailable === null);
  const asked = usable.filter(({ id }) => wanted?.includes(id));
  return asked.length > 0 ? asked : items.filter(({ id }) => id === usual);
}

function pricesOf(quote: Quote | undefined): ReadonlyMap<string, Estimate> {
  const priced = (quote?.items ?? []).flatMap(({ model, estimate }) =>
    estimate ? [[model, estimate] as const] : [],
  );
  return new Map(priced);
}

function fieldsOf(chosen: readonly Chosen[]): string[] {
  const settings = chosen.flatMap(({ capabilities }) => capabilities.settings);
  return [
    ...["prompt", "model", "models", "image", "end_image"],
    ...settings.map(({ name }) => `settings.${name}`),
  ];
}

/** What the form shows now becomes what is wanted, so that a change closes nothing unseen. */
function shownOf(chosen: readonly Chosen[], wanted: Draft["settings"]): Draft["settings"] {
  const names = chosen.flatMap(({ capabilities }) => capabilities.settings.map(({ name }) => name));
  return Object.fromEntries(names.map((name) => [name, shownValue(chosen, name, wanted)]));
}
