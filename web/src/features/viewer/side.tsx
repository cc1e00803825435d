import type { Model } from "../../api/shapes";
import type { Card } from "../../cards/card";
import { isUnderWay } from "../../cards/stage";
import { Checkbox } from "../../components/checkbox";
import { FlagButtons } from "../../review/flag-buttons";
import { StarRating } from "../../review/star-rating";
import { useReview } from "../../review/use-review";
import { Actions } from "./actions";
import { Asked } from "./asked";
import { Facts } from "./facts";
import { File } from "./file";
import { Notes } from "./notes";
import { Origin } from "./origin";
import styles from "./side.module.css";
import { Steps } from "./steps";
import type { Orders } from "./use-orders";

interface Props {
  card: Card;
  models: readonly Model[];
  orders: Orders;
  /** Whether there is a picture of it, or a sound. */
  isShown: boolean;
  /** The frame that is shown, where it is a clip. */
  frame: number | null;
  advances: boolean;
  onAdvances: (advances: boolean) => void;
  onReviewed: () => void;
  onTrash: () => void;
  onCompare: (() => void) | null;
  onOpen: (cardId: string) => void;
}

/** What is said about the card, what can be made of it, and all that is known of it. */
export function Side(props: Props) {
  const { card, models } = props;
  const { asset, generation } = card;
  return (
    <aside className={styles.side} aria-label="About it">
      {asset && <Verdict {...props} asset={asset} />}
      <Actions {...props} />
      {asset && <Notes key={asset.id} asset={asset} />}
      {generation && <Asked generation={generation} models={models} />}
      {asset && <Facts asset={asset} />}
      {asset && <File asset={asset} />}
      <Origin card={card} onOpen={props.onOpen} />
      {generation && <Steps steps={generation.steps} isUnderWay={isUnderWay(card)} />}
    </aside>
  );
}

function Verdict({
  asset,
  advances,
  onAdvances,
  onReviewed,
}: Props & { asset: NonNullable<Card["asset"]> }) {
  const review = useReview();
  return (
    <section className={styles.verdict} aria-label="Verdict">
      <div className={styles.marks}>
        <StarRating
          rating={asset.rating}
          onRate={(rating) => {
            review.rate([asset], rating);
            onReviewed();
          }}
        />
        <FlagButtons
          flag={asset.flag}
          onFlag={(flag) => {
            review.flag([asset], flag);
            onReviewed();
          }}
        />
      </div>
      <div className={styles.advance}>
        <Checkbox
          isChecked={advances}
          onChange={onAdvances}
          label="Go on by itself after a rating"
        />
      </div>
    </section>
  );
}
