/** What the doctor looks at, in the order of its report. */
export const checkNames = [
	'configuration',
	'database',
	'schema',
	'pooler',
	'clock',
	'secrets',
	'proxy headers',
	'mail',
	'Immich',
	'disk'
] as const;
export type CheckName = (typeof checkNames)[number];

/** One line of the report. A warning works, but not as well as it could; a skipped check needs one that failed. */
export interface Finding {
	readonly check: CheckName;
	readonly status: 'ok' | 'warning' | 'problem' | 'skipped';
	readonly message: string;
	/** What to do; null if there is nothing to do. */
	readonly advice: string | null;
}

/** A finding without the name of its check. */
export type Found = Omit<Finding, 'check'>;

export const ok = (message: string): Found => ({ status: 'ok', message, advice: null });
export const warning = (message: string, advice: string): Found => ({ status: 'warning', message, advice });
export const problem = (message: string, advice: string): Found => ({ status: 'problem', message, advice });
export const skipped = (message: string): Found => ({ status: 'skipped', message, advice: null });

/** Splits a message of ours into what is wrong and what to do: the advice is its last sentences. */
export function problemFrom(error: unknown): Found {
	const message = error instanceof Error ? error.message : String(error);
	const [first = message, ...rest] = message.split(/(?<=\.)\s+(?=[A-Z])/);
	return problem(first, rest.join(' ') || 'Correct it as the message says.');
}
