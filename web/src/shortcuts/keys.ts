/** What a key press is called: `Mod+Shift+KeyC` by its place, or the character that it writes. */

/** The part of a keyboard event that says which key it is. */
export interface Press {
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const isMac = (platform: string = navigator.platform): boolean => /^(Mac|iP)/.test(platform);

const MODIFIERS = /^(Control|Meta|Alt|AltGraph|Shift|OS|CapsLock|Fn)/;

export const isModifier = ({ code, key }: Press): boolean =>
  MODIFIERS.test(code) || MODIFIERS.test(key);

/** The press by the place of its key. */
export function keyOf(press: Press, onMac = isMac()): string {
  const mod = onMac ? press.metaKey : press.ctrlKey;
  const other = onMac ? press.ctrlKey : press.metaKey;
  return [
    mod && "Mod",
    other && "Other",
    press.altKey && "Alt",
    press.shiftKey && "Shift",
    press.code,
  ]
    .filter(Boolean)
    .join("+");
}

export function matches(key: string, press: Press, onMac = isMac()): boolean {
  if (key.length > 1) return key === keyOf(press, onMac);
  return key === press.key && !press.ctrlKey && !press.metaKey && !press.altKey;
}

const CHARACTER =
  /^(Shift\+)?(Key.|Digit.|Numpad(\d|Add|Subtract|Multiply|Divide|Decimal)|Minus|Equal|Bracket.*|Backslash|Semicolon|Quote|Backquote|Comma|Period|Slash|Intl.*)$/;

/** Whether it is a single character: speech input and a slip of the hand press those, too. */
export const isCharacter = (key: string): boolean => key.length === 1 || CHARACTER.test(key);

const NAMES: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Comma: ",",
  Period: ".",
  Slash: "/",
  Minus: "-",
  Equal: "=",
  Semicolon: ";",
  Quote: "'",
  Backquote: "`",
  Backslash: "\\",
  BracketLeft: "[",
  BracketRight: "]",
};

/** The letters printed on the person's keyboard, where the browser tells. */
export type Layout = ReadonlyMap<string, string>;

/** Each key to press, as a person reads it. */
export function readable(key: string, layout: Layout = new Map(), onMac = isMac()): string[] {
  if (key.length === 1) return [key];
  return key.split("+").map((part) => {
    if (part === "Mod") return onMac ? "⌘" : "Ctrl";
    if (part === "Other") return onMac ? "Ctrl" : "Meta";
    if (part === "Alt") return onMac ? "⌥" : "Alt";
    if (part === "Shift") return onMac ? "⇧" : "Shift";
    return layout.get(part)?.toUpperCase() ?? NAMES[part] ?? plain(part);
  });
}

function plain(code: string): string {
  if (code.startsWith("Numpad")) return `Num ${code.slice(6)}`;
  return code.replace(/^(Key|Digit)/, "");
}
