export const dayMs = 24 * 60 * 60 * 1_000;

/** How long a key lives, as a form offers it: for good, so many days, or to the end of a day that is chosen. */
export const expiries = ['never', '30', '90', '365', 'date'] as const;
export type Expiry = (typeof expiries)[number];

/** Makes the moment of a choice, by now where it counts days; a day that is chosen ends in UTC. */
export function dateOf(expiry: Expiry, date: string, nowMs = Date.now()): string | null {
	if (expiry === 'never') return null;
	if (expiry === 'date') return `${date}T23:59:59.999Z`;
	return new Date(nowMs + Number(expiry) * dayMs).toISOString();
}
