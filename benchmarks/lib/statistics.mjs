/** The value below which a share of the values lies, interpolated. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const high = Math.ceil(place);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

/** Median and quartiles. */
export function summary(values) {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * The ratio of two contenders, round by round: both of a round were measured within seconds, so what slows the whole
 * machine down cancels out.
 */
export function ratio(values, baseline) {
  return summary(values.map((value, round) => value / baseline[round]));
}

export function formatNumber(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `0.98 (0.96–1.01)`: the median and the quartiles around it. */
export function formatSpread({ median, low, high }) {
  return `${formatNumber(median)} (${formatNumber(low)}–${formatNumber(high)})`;
}
