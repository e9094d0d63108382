import type { BatchKind, UserBatch } from '#lib/contract/user-batches/user-batch.ts';
import { formatBytes } from '../ui/format/bytes.ts';
import { formatQuantity } from '../ui/format/count.ts';

interface Words {
	/** As in 'Delete 12 users'. */
	readonly verb: string;
	/** As in '12 users deleted'. */
	readonly done: string;
	/** What it does to each user. */
	readonly effect: string;
}

const words: Readonly<Record<BatchKind, Words>> = {
	requireChange: {
		verb: 'Require a new password from',
		done: 'must choose a new password',
		effect:
			'Each must choose a new password before anything else, from the next click on. Who signs in without a password is left alone.'
	},
	resetPassword: {
		verb: 'Reset the passwords of',
		done: 'have a temporary password',
		effect:
			'Each gets a temporary password, is signed out everywhere, and loses the API keys. You get a file with the passwords, once.'
	},
	setQuota: { verb: 'Set the quota of', done: 'have the new quota', effect: 'Each may use that much from now on.' },
	delete: {
		verb: 'Delete',
		done: 'deleted',
		effect: 'They are signed out and cannot come back. For some days each can be restored.'
	},
	restore: {
		verb: 'Restore',
		done: 'restored',
		effect: 'They can sign in again. Sessions and API keys do not come back.'
	},
	unlinkOAuth: {
		verb: 'Unlink',
		done: 'unlinked from their providers',
		effect:
			'Sessions that a provider began end. After that they sign in by password only; those without one need a temporary password.'
	},
	create: { verb: 'Create', done: 'created', effect: 'An account is made for each line that is in order.' }
};

/** 'Delete 12 users'. */
export const batchTitle = ({ kind, total, failed, state, quotaSizeInBytes }: UserBatch): string => {
	if (kind === 'create' && state !== 'draft') return `Import of ${formatQuantity(total, 'user')}`;
	const count = kind === 'create' ? total - failed : total;
	const quota =
		kind === 'setQuota' ? ` to ${quotaSizeInBytes == null ? 'no limit' : formatBytes(quotaSizeInBytes)}` : '';
	return `${words[kind].verb} ${formatQuantity(count, 'user')}${quota}`;
};

export const batchEffect = ({ kind }: UserBatch): string => words[kind].effect;

/** '12 users deleted'. */
export const batchResult = ({ kind, done }: UserBatch): string =>
	`${formatQuantity(done, 'user')} ${done === 1 ? words[kind].done.replace(/^have /, 'has ') : words[kind].done}`;

/** The changes that can be made to many users, as options. */
export const changeOptions = [
	{ value: 'requireChange', label: 'Require a new password' },
	{ value: 'resetPassword', label: 'Reset passwords' },
	{ value: 'setQuota', label: 'Set the storage quota' },
	{ value: 'delete', label: 'Delete' },
	{ value: 'restore', label: 'Restore' },
	{ value: 'unlinkOAuth', label: 'Unlink from providers' }
];
