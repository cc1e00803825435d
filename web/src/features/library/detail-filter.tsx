import { type ComponentProps, useId } from "react";
import { useAddress } from "../../address/use-address";
import { Chip } from "../../components/chip";
import styles from "./detail-filter.module.css";
import { FilterMenu } from "./filter-menu";

/** Sound, length and date. */
export function DetailFilter() {
  const { address, change } = useAddress();
  const { sound, minDuration, maxDuration, since, until } = address;
  const areOn = [sound, minDuration ?? maxDuration, since ?? until];
  const count = areOn.filter((value) => value !== null).length;
  const seconds = (text: string) => (text === "" ? null : Math.max(0, Number(text)));
  return (
    <FilterMenu title="Details" count={count}>
      <div className={styles.details}>
        <fieldset className={styles.row}>
          <legend>Sound</legend>
          <Chip isPressed={sound === true} onChange={(on) => change({ sound: on ? true : null })}>
            With sound
          </Chip>
          <Chip isPressed={sound === false} onChange={(on) => change({ sound: on ? false : null })}>
            Without sound
          </Chip>
        </fieldset>
        <fieldset className={styles.row}>
          <legend>Length in seconds</legend>
          <Field
            label="At least"
            type="number"
            min={0}
            step="any"
            value={minDuration ?? ""}
            onChange={({ target }) =>
              change({ minDuration: seconds(target.value) }, { replace: true })
            }
          />
          <Field
            label="At most"
            type="number"
            min={0}
            step="any"
            value={maxDuration ?? ""}
            onChange={({ target }) =>
              change({ maxDuration: seconds(target.value) }, { replace: true })
            }
          />
        </fieldset>
        <fieldset className={styles.row}>
          <legend>Date</legend>
          <Field
            label="From"
            type="date"
            value={since ?? ""}
            max={until ?? undefined}
            onChange={({ target }) => change({ since: target.value || null }, { replace: true })}
          />
          <Field
            label="To"
            type="date"
            value={until ?? ""}
            min={since ?? undefined}
            onChange={({ target }) => change({ until: target.value || null }, { replace: true })}
          />
        </fieldset>
      </div>
    </FilterMenu>
  );
}

function Field({ label, ...input }: ComponentProps<"input"> & { label: string }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} {...input} />
    </div>
  );
}
