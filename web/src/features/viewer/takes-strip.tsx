import { useEffect, useRef } from "react";
import { posterAddress } from "../../api/assets";
import { type Card, hasStill } from "../../cards/card";
import { stageOf } from "../../cards/stage";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Tooltip } from "../../components/tooltip";
import styles from "./takes-strip.module.css";

interface Props {
  takes: readonly Card[];
  openId: string;
  onOpen: (cardId: string) => void;
  onCompare: () => void;
}

/** The other takes of the same shot. */
export function TakesStrip({ takes, openId, onOpen, onCompare }: Props) {
  const current = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another card stands elsewhere
  useEffect(() => {
    // Its result is nobody's concern: some browsers give a promise.
    current.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [openId]);
  return (
    <section className={styles.strip} aria-label="Takes of this shot">
      <ul className={styles.takes}>
        {takes.map((take, index) => (
          <li key={take.id}>
            <Take
              take={take}
              number={numberOf(take) ?? index + 1}
              isOpen={take.id === openId}
              current={take.id === openId ? current : null}
              onOpen={onOpen}
            />
          </li>
        ))}
      </ul>
      <Tooltip text="Compare side by side" command="review.compare">
        <Button look="quiet" onClick={onCompare}>
          <Icon name="compare" />
          Compare
        </Button>
      </Tooltip>
    </section>
  );
}

interface TakeProps {
  take: Card;
  number: number;
  isOpen: boolean;
  current: React.Ref<HTMLButtonElement>;
  onOpen: (cardId: string) => void;
}

function Take({ take, number, isOpen, current, onOpen }: TakeProps) {
  const { asset } = take;
  const verdict = [asset?.flag, asset?.rating ? `${asset.rating} ★` : null].filter(Boolean);
  const words = asset?.flag === "pick" ? "picked" : asset?.flag === "reject" ? "rejected" : null;
  return (
    <button
      ref={current}
      type="button"
      className={styles.take}
      aria-current={isOpen}
      data-flag={asset?.flag ?? "none"}
      onClick={() => onOpen(take.id)}
    >
      {hasStill(asset) ? (
        <img className={styles.poster} src={posterAddress(asset.id)} alt="" />
      ) : (
        <span className={styles.blank}>{stageOf(take).label}</span>
      )}
      <span className={styles.line}>
        Take {number}
        {verdict.length > 0 && (
          <span className={styles.verdict}>
            {asset?.flag && (
              <Icon
                name={asset.flag === "pick" ? "flag" : "close"}
                isFilled={asset.flag === "pick"}
              />
            )}
            {words && <span className="visually-hidden">{words}</span>}
            {asset && asset.rating > 0 && (
              <>
                <Icon name="star" isFilled />
                {asset.rating}
              </>
            )}
          </span>
        )}
      </span>
    </button>
  );
}

const numberOf = ({ generation, asset }: Card): number | undefined =>
  generation?.take_number ?? asset?.take_number;
