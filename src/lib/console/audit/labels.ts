import type { AuditSentences } from '#lib/contract/audit/audit-action.ts';
import {
	auditActions,
	auditSentences,
	type AuditAction,
	type AuditActor,
	type AuditEvent
} from '#lib/contract/audit/audit.ts';

/** Options for selecting an action. */
export const actionTitles: readonly { value: AuditAction; label: string }[] = auditActions.map((value) => ({
	value,
	label: auditSentences[value].title
}));

const isAction = (action: string): action is AuditAction => Object.hasOwn(auditSentences, action);

const batchWords: Readonly<Record<string, string>> = {
	requireChange: 'new passwords required',
	resetPassword: 'passwords reset',
	setQuota: 'quotas set',
	delete: 'users deleted',
	restore: 'users restored',
	unlinkOAuth: 'users unlinked from their providers',
	create: 'users created'
};

/** Part of a sentence: text, or a user to link to. */
export type Piece = string | AuditActor;

const getTemplate = ({ action, outcome, actor, subject }: AuditEvent): string => {
	// Another server version may have recorded it.
	if (!isAction(action)) return `{actor}: ${action}`;
	const { done, own, refused }: AuditSentences = auditSentences[action];
	if (outcome === 'refused') return refused ?? done;
	return actor?.id === subject?.id ? (own ?? done) : done;
};

/** Describes an event as the parts of a sentence. */
export function buildSentence(event: AuditEvent): Piece[] {
	const { actor, subject, object } = event;
	const label = object?.label ?? null;
	const fillers: Readonly<Record<string, Piece>> = {
		'{actor}': actor ?? 'The server',
		'{subject}': subject ?? 'an unknown user',
		'{object}': object?.kind === 'batch' ? (batchWords[label ?? ''] ?? 'unknown') : `‘${label ?? 'unnamed'}’`
	};
	return getTemplate(event)
		.split(/(\{\w+\})/)
		.map((piece) => fillers[piece] ?? piece)
		.filter((piece) => piece !== '');
}
