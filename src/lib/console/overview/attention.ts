import type { Overview } from '#lib/contract/overview/overview.ts';
import { formatQuantity } from '../ui/format/count.ts';

export interface Health {
	readonly failedJobs: number;
	readonly pausedQueues: number;
	/** Of the disk that holds the files. */
	readonly freeBytes: number;
	readonly diskBytes: number;
}

export interface Attention {
	readonly text: string;
	readonly href: string;
	readonly tone: 'bad' | 'caution';
}

/** Below this share of free space, the disk needs attention. */
const scarceShare = 0.1;

export const isDiskScarce = ({ freeBytes, diskBytes }: Pick<Health, 'freeBytes' | 'diskBytes'>): boolean =>
	diskBytes > 0 && freeBytes / diskBytes < scarceShare;

/** Lists what an admin should look at, most urgent first. */
export function listAttention({ users }: Overview, health: Health): Attention[] {
	const { passwordExpired, overQuota, admins, lockedOut } = users;
	const found: (Attention | false)[] = [
		isDiskScarce(health) && { text: 'The disk is almost full', href: '/admin/server', tone: 'bad' },
		health.failedJobs > 0 && {
			text: `${formatQuantity(health.failedJobs, 'job')} failed`,
			href: '/admin/jobs',
			tone: 'bad'
		},
		...lockedOut.map(({ id, name }): Attention => ({
			text: `${name} is locked out after too many failed sign-ins`,
			href: `/admin/users/${id}`,
			tone: 'bad'
		})),
		passwordExpired > 0 && {
			text: `${formatQuantity(passwordExpired, 'temporary password')} expired`,
			href: '/admin/users?status=expired',
			tone: 'caution'
		},
		overQuota > 0 && {
			text: `${formatQuantity(overQuota, 'user')} over quota`,
			href: '/admin/users?quota=over',
			tone: 'caution'
		},
		health.pausedQueues > 0 && {
			text: `${formatQuantity(health.pausedQueues, 'queue')} paused`,
			href: '/admin/jobs',
			tone: 'caution'
		},
		admins === 1 && {
			text: 'There is only one administrator. If they get locked out, only the command line helps.',
			href: '/admin/users?role=admin',
			tone: 'caution'
		}
	];
	return found.filter((one) => one !== false);
}
