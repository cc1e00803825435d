import type { Capabilities, Setting, SettingValue } from "../../api/shapes";
import { ChoiceField } from "./choice-field";
import { NumberField } from "./number-field";
import type { Placed } from "./refusal";
import { type Values, whyClosed } from "./rules";
import styles from "./setting-fields.module.css";
import { ToggleField } from "./toggle-field";

interface Props {
  capabilities: Capabilities;
  values: Values;
  problemAt: Placed;
  onChange: (name: string, value: SettingValue) => void;
}

/** One field for each setting in the model's table, in its order. */
export function SettingFields({ capabilities, ...rest }: Props) {
  return (
    <div className={styles.fields}>
      {capabilities.settings.map((setting) => (
        <SettingField key={setting.name} {...{ setting, capabilities, ...rest }} />
      ))}
    </div>
  );
}

function SettingField({ setting, ...props }: Props & { setting: Setting }) {
  const { capabilities, values } = props;
  const { name } = setting;
  const shared = {
    value: values[name] ?? setting.default,
    problem: props.problemAt(`settings.${name}`),
    why: (candidate: SettingValue) => whyClosed(capabilities, values, name, candidate),
    onChange: (chosen: SettingValue) => props.onChange(name, chosen),
  };
  switch (setting.kind) {
    case "choice":
      return <ChoiceField setting={setting} {...shared} />;
    case "toggle":
      return <ToggleField setting={setting} {...shared} />;
    case "number":
      return <NumberField setting={setting} {...shared} />;
  }
}
