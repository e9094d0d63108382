/** Sentences for an event. `{actor}` and `{subject}` are users, `{object}` is what else was affected. */
export interface AuditSentences {
	/** Name in a list of actions. */
	readonly title: string;
	readonly done: string;
	/** Used if actor and subject are the same user. */
	readonly own?: string;
	readonly refused?: string;
}

type Actions = Readonly<Record<`${string}.${string}`, AuditSentences>>;

/** Type-checks a feature's actions and keeps their literal names: `<what>.<verb>`. */
export const defineAuditActions = <const T extends Actions>(actions: T): T => actions;
