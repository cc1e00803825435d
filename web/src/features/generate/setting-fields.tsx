import type { Setting, SettingValue } from "../../api/shapes";
import { ChoiceField } from "./choice-field";
import field from "./field.module.css";
import { titlesOf } from "./model-field";
import { NumberField } from "./number-field";
import type { Placed } from "./refusal";
import type { Values } from "./rules";
import styles from "./setting-fields.module.css";
import { type Chosen, groupsOf, shownValue, whyAllClosed } from "./together";
import { ToggleField } from "./toggle-field";

interface Props {
  chosen: readonly Chosen[];
  wanted: Values;
  takes: number;
  problemAt: Placed;
  onChange: (name: string, value: SettingValue) => void;
}

/** One field for each setting in the models' tables; what only some take stands under their name. */
export function SettingFields(props: Props) {
  return groupsOf(props.chosen).map(({ models, settings }) => {
    const fields = settings.map((setting) => (
      <SettingField key={setting.name} setting={setting} {...props} />
    ));
    if (models === null) {
      return (
        <div key="all" className={styles.fields}>
          {fields}
        </div>
      );
    }
    return (
      <fieldset key={titlesOf(models)} className={styles.own}>
        <legend className={styles.name}>Only {titlesOf(models)}</legend>
        <div className={styles.fields}>{fields}</div>
      </fieldset>
    );
  });
}

function SettingField({ setting, chosen, wanted, takes, ...props }: Props & { setting: Setting }) {
  const { name } = setting;
  const shared = {
    value: shownValue(chosen, name, wanted),
    problem: props.problemAt(`settings.${name}`),
    why: (candidate: SettingValue) => whyAllClosed(chosen, name, candidate),
    onChange: (value: SettingValue) => props.onChange(name, value),
  };
  switch (setting.kind) {
    case "choice":
      return <ChoiceField setting={setting} {...shared} />;
    case "toggle":
      return <ToggleField setting={setting} {...shared} />;
    case "number":
      return (
        <div className={field.field}>
          <NumberField setting={setting} {...shared} />
          <p className={field.hint}>
            {shared.value === setting.default
              ? "Left as it is, each take gets its own."
              : takes > 1 &&
                `The takes count up from it: the last gets ${Number(shared.value) + takes - 1}.`}
          </p>
        </div>
      );
  }
}
