import type { ComponentProps } from "react";
import styles from "./button.module.css";

interface Props extends ComponentProps<"button"> {
  look?: "primary" | "plain" | "quiet";
}

export function Button({ look = "plain", className, type = "button", ...rest }: Props) {
  const classes = [styles.button, styles[look], className].filter(Boolean).join(" ");
  return <button type={type} className={classes} {...rest} />;
}
