import { changeAddress } from "../address/use-address";
import type { Asset } from "../api/shapes";
import type { Card } from "../cards/card";
import { Button } from "../components/button";
import { Code } from "../components/code";
import { Icon } from "../components/icon";
import { told } from "./causes";
import type { Cause } from "./diagnose";
import styles from "./trouble-note.module.css";
import type { Player } from "./use-player";
import { useRemedies } from "./use-remedies";

interface Props {
  card: Card;
  asset: Asset;
  player: Player;
  cause: Cause;
  /** Only what is the matter, where there is little room. */
  isShort?: boolean;
}

/** Why it does not play, and what helps. */
export function TroubleNote({ card, asset, player, cause, isShort = false }: Props) {
  const { title, detail, remedy, remedies } = told(cause, asset);
  const offers = useRemedies(card, player, isShort ? remedies.slice(0, 1) : remedies);
  return (
    <div className={styles.note} role="alert" data-cause={cause.name} data-short={isShort}>
      <p className={styles.title}>
        <Icon name="warning" />
        {title}
      </p>
      {!isShort && detail && <p>{detail}</p>}
      {!isShort && remedy && (
        <p className={styles.remedy}>
          <Code text={remedy} />
        </p>
      )}
      <p className={styles.acts}>
        {offers.map(({ name, label, icon, isBusy, run }) => (
          <Button key={name} disabled={isBusy} onClick={run}>
            <Icon name={icon} />
            {label}
          </Button>
        ))}
        <Button look="quiet" onClick={() => changeAddress({ doctor: asset.id })}>
          Why?
        </Button>
      </p>
    </div>
  );
}
