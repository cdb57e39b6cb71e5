/** RFC 9110 §5.6.7: what is sent, and the two obsolete forms that must be understood. Names are case-sensitive. */
const IMF_FIXDATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const RFC_850 =
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d\d)-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const ASCTIME =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/**
 * The milliseconds of an HTTP date in any of its three forms, or `null` when it is none. `Date.parse` takes much more
 * (`"0"`, local times, time zones), and a condition on a date that is none has to be ignored.
 *
 * @param now what a year of two digits is measured by: one that seems more than 50 years ahead is in the past
 */
export function parseHttpDate(text: string, now: number = Date.now()): number | null {
  const fixed = IMF_FIXDATE.exec(text);
  if (fixed !== null) {
    const [, day, month, year, hour, minute, second] = fixed as unknown as Parts;
    return timeOf(Number(year), month, day, hour, minute, second);
  }
  const old = RFC_850.exec(text);
  if (old !== null) {
    const [, day, month, year, hour, minute, second] = old as unknown as Parts;
    return timeOf(fullYear(Number(year), now), month, day, hour, minute, second);
  }
  const c = ASCTIME.exec(text);
  if (c !== null) {
    const [, month, day, hour, minute, second, year] = c as unknown as Parts;
    return timeOf(Number(year), month, day, hour, minute, second);
  }
  return null;
}

/** The form that is sent, IMF-fixdate: that of `toUTCString`. */
export function formatHttpDate(date: Date): string {
  return date.toUTCString();
}

type Parts = readonly [string, string, string, string, string, string, string];

function timeOf(
  year: number,
  month: string,
  day: string,
  hour: string,
  minute: string,
  second: string,
): number | null {
  const monthIndex = MONTHS.indexOf(month) / 3;
  // A leap second (60) is allowed by the grammar; it begins the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) {
    return null;
  }
  const date = new Date(0);
  // Not `Date.UTC`, which takes the years 0 to 99 for those of the 20th century.
  date.setUTCFullYear(year, monthIndex, Number(day));
  const isReal = date.getUTCMonth() === monthIndex && date.getUTCDate() === Number(day);
  return isReal ? date.setUTCHours(Number(hour), Number(minute), Number(second)) : null;
}

function fullYear(twoDigits: number, now: number): number {
  const current = new Date(now).getUTCFullYear();
  const year = current - (current % 100) + twoDigits;
  return year > current + 50 ? year - 100 : year;
}
