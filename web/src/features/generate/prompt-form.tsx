import { type FormEvent, type KeyboardEvent, useMemo } from "react";
import { useQuote } from "../../api/quotes";
import { problemOf } from "../../api/request";
import type { ModelList, Order } from "../../api/shapes";
import { useDraft, useInputs } from "./draft";
import { ImageField } from "./image-field";
import { ModelField } from "./model-field";
import { OrderLine } from "./order-line";
import { PromptField } from "./prompt-field";
import styles from "./prompt-form.module.css";
import { placed } from "./refusal";
import { fitted, ordered } from "./rules";
import { SettingFields } from "./setting-fields";
import { useDebounced } from "./use-debounced";
import { useGenerate } from "./use-generate";

const QUOTE_AFTER_MS = 150;
/** Stands in for a prompt that is still empty, so that the price is known before the first word. */
const STAND_IN_PROMPT = "A clip.";

interface Props {
  projectId: string;
  models: ModelList;
}

export function PromptForm({ projectId, models }: Props) {
  const [draft, setDraft] = useDraft();
  const [inputs, setInputs] = useInputs(projectId);
  const generate = useGenerate(projectId);

  const model =
    models.items.find(({ id }) => id === draft.model) ??
    models.items.find(({ id }) => id === models.default);
  const capabilities = model?.tasks[inputs.image ? "image-to-video" : "text-to-video"];
  const values = useMemo(
    () => (capabilities ? fitted(capabilities, draft.settings) : {}),
    [capabilities, draft.settings],
  );
  const takesEndImage = inputs.image !== null && capabilities?.takes_end_image === true;
  const order: Order = useMemo(
    () => ({
      prompt: draft.prompt,
      models: model ? [model.id] : [],
      settings: capabilities ? ordered(capabilities, values) : {},
      image: inputs.image,
      end_image: takesEndImage ? inputs.endImage : null,
    }),
    [draft.prompt, model, capabilities, values, inputs, takesEndImage],
  );

  const isBlank = order.prompt.trim() === "";
  const settled = useDebounced(order, QUOTE_AFTER_MS);
  const quote = useQuote(
    settled.prompt.trim() === "" ? { ...settled, prompt: STAND_IN_PROMPT } : settled,
  );
  const quoted = quote.data?.items[0];
  const refused = generate.error ? problemOf(generate.error) : null;
  const fields = ["prompt", "model", "models", "image", "end_image"].concat(
    capabilities?.settings.map(({ name }) => `settings.${name}`) ?? [],
  );
  const problemAt = placed(refused ?? quoted?.problem ?? null, fields);

  const change = (part: Partial<typeof draft>) => {
    generate.reset();
    setDraft({ ...draft, ...part });
  };
  const changeInputs = (part: Partial<typeof inputs>) => {
    generate.reset();
    setInputs({ ...inputs, ...part });
  };
  const isReady = model !== undefined && model.unavailable === null && !generate.isPending;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!isReady) return;
    if (isBlank) document.getElementById("prompt")?.focus();
    generate.mutate(order);
  };
  const submitByKey = (event: KeyboardEvent<HTMLFormElement>) => {
    const isSubmitKey = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (!isSubmitKey || event.repeat || !event.currentTarget.contains(event.target as Node)) return;
    event.preventDefault();
    submit();
  };

  return (
    <form className={styles.form} onSubmit={submit} onKeyDown={submitByKey} aria-label="Generate">
      <PromptField
        value={draft.prompt}
        limit={model?.prompt_limit ?? null}
        problem={problemAt("prompt")}
        onChange={(prompt) => change({ prompt })}
      />
      <ImageField
        projectId={projectId}
        label="Image"
        chosen={inputs.image}
        problem={problemAt("image")}
        onChoose={(image) => changeInputs({ image })}
      />
      {takesEndImage && (
        <ImageField
          projectId={projectId}
          label="End image"
          chosen={inputs.endImage}
          problem={problemAt("end_image")}
          onChoose={(endImage) => changeInputs({ endImage })}
        />
      )}
      <ModelField
        models={models.items}
        chosen={model}
        problem={problemAt("model") ?? problemAt("models")}
        onChoose={(id) => change({ model: id })}
      />
      {capabilities && (
        <SettingFields
          capabilities={capabilities}
          values={values}
          problemAt={problemAt}
          onChange={(name, value) =>
            change({ settings: { ...draft.settings, ...values, [name]: value } })
          }
        />
      )}
      <OrderLine
        estimate={quote.data?.total ?? null}
        duration={quoted?.settings?.duration ?? null}
        problem={model?.unavailable ? null : problemAt("order")}
        isReady={isReady}
        isPending={generate.isPending}
      />
    </form>
  );
}
