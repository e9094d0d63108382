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
		verb: 'Require a password change from',
		done: 'must choose a new password',
		effect: 'They must choose a new password before they can do anything else. Users without a password are skipped.'
	},
	resetPassword: {
		verb: 'Reset the passwords of',
		done: 'have a temporary password',
		effect:
			'Each user gets a temporary password and is signed out on all devices; their API keys are revoked. You can download the passwords once.'
	},
	setQuota: { verb: 'Set the quota of', done: 'have the new quota', effect: 'The new limit applies immediately.' },
	delete: {
		verb: 'Delete',
		done: 'deleted',
		effect: 'They are signed out and can no longer sign in. You can restore them until the grace period ends.'
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
			'Sessions started through a provider end. Users then sign in with their password only; those without one need a temporary password.'
	},
	create: { verb: 'Create', done: 'created', effect: 'One account is created for each valid row.' }
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
	{ value: 'requireChange', label: 'Require password change' },
	{ value: 'resetPassword', label: 'Reset passwords' },
	{ value: 'setQuota', label: 'Set the storage quota' },
	{ value: 'delete', label: 'Delete' },
	{ value: 'restore', label: 'Restore' },
	{ value: 'unlinkOAuth', label: 'Unlink from providers' }
];
