/** Numbers as a person reads them. */

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = count / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${threeDigits(value)} ${units[unit]}`;
}

export function bytesOf(received: number, total: number | null): string {
  return total === null ? bytes(received) : `${bytes(received)} of ${bytes(total)}`;
}

export function seconds(duration: number): string {
  if (duration < 60) return `${Number(duration.toFixed(2))} s`;
  return clock(Math.round(duration));
}

/** Whole seconds as 0:07, 12:05 or 1:02:03. */
export function clock(total: number): string {
  const whole = Math.max(0, Math.floor(total));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, "0");
  if (hours === 0) return `${minutes}:${tail}`;
  return `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

/** An exact fraction such as 24000/1001 as 23.976 fps. */
export function frameRate(fraction: string): string {
  const [numerator, denominator = 1] = fraction.split("/").map(Number);
  if (!numerator || !denominator) return `${fraction} fps`;
  return `${Number((numerator / denominator).toFixed(3))} fps`;
}

export function percent(part: number): string {
  return `${Math.floor(part * 100)} %`;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
