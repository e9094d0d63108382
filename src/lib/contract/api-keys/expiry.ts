import { dayMs } from '../day.ts';

/** API key lifetimes offered by a form: never expires, a number of days, or a chosen date. */
export const expiries = ['never', '30', '90', '365', 'date'] as const;
export type Expiry = (typeof expiries)[number];

/** Returns the expiry of a choice, counting days from `nowMs`; a chosen date ends in UTC. */
export function toExpiryDate(expiry: Expiry, date: string, nowMs = Date.now()): string | null {
	if (expiry === 'never') return null;
	if (expiry === 'date') return `${date}T23:59:59.999Z`;
	return new Date(nowMs + Number(expiry) * dayMs).toISOString();
}
