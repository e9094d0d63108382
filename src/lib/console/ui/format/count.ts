// Fixed locale, like the console's: server and browser must render the same.
const whole = new Intl.NumberFormat('en');

/** Formats a count: '1,284'. */
export const formatCount = (count: number): string => whole.format(count);

/** Formats a count with its noun: '1 user', '1,284 users'. */
export const formatQuantity = (count: number, one: string, many = `${one}s`): string =>
	`${formatCount(count)} ${count === 1 ? one : many}`;
