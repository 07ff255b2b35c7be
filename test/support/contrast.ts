// WCAG contrast of CSS colours as the browser reports them: rgb(...) and rgba(...).
const numbers = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);

function luminance(colour: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = colour.map(each => {
    const part = each / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** From 1 (the same) to 21 (black on white); rounded to a tenth. */
export function contrast(colour: string, background: string): number {
  const behind = numbers(background);
  const [r = 0, g = 0, b = 0, alpha = 1] = numbers(colour);
  const seen = [r, g, b].map((part, at) => part * alpha + (behind[at] ?? 0) * (1 - alpha));
  const [dark = 0, light = 0] = [luminance(seen), luminance(behind.slice(0, 3))].toSorted(
    (x, y) => x - y,
  );
  return Math.round(((light + 0.05) / (dark + 0.05)) * 10) / 10;
}
