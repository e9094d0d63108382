import type { AuditEvent, RecordedValue } from '#lib/contract/audit/audit.ts';
import { formatBytes } from '../ui/format/bytes.ts';
import { formatUtc } from '../ui/format/dates.ts';

/** A change as shown; without `from` if there is nothing to compare with. */
export interface ShownChange {
	readonly title: string;
	readonly from: string | null;
	readonly to: string;
}

const titles: Readonly<Record<string, string>> = {
	email: 'Email',
	name: 'Name',
	isAdmin: 'Administrator',
	shouldChangePassword: 'Password change required',
	avatarColor: 'Avatar color',
	storageLabel: 'Storage label',
	quotaSizeInBytes: 'Storage quota',
	permissions: 'Permissions',
	expiresAt: 'Expires',
	sessionsEnded: 'Devices signed out',
	apiKeysEnded: 'API keys revoked',
	identitiesRemoved: 'Providers unlinked',
	passwordRemoved: 'Password removed',
	total: 'Number of users',
	isOnboarded: 'Set up',
	message: 'Message',
	startsAt: 'Start',
	expectedEndAt: 'Expected end',
	endsAt: 'Ends automatically',
	allowUpload: 'Visitors can upload',
	allowDownload: 'Visitors can download',
	showMetadata: 'Shows metadata',
	hasPassword: 'Has a password',
	assetsAdded: 'Photos added',
	assetsRemoved: 'Photos removed',
	role: 'Role',
	photos: 'Photos',
	isActivityEnabled: 'Comments and likes',
	order: 'Order',
	inTimeline: 'In the timeline'
};

const moments = new Set(['expiresAt', 'startsAt', 'expectedEndAt', 'endsAt']);
/** Fields that never have a previous value. */
const counts = new Set([
	'sessionsEnded',
	'apiKeysEnded',
	'identitiesRemoved',
	'passwordRemoved',
	'total',
	'assetsAdded',
	'assetsRemoved',
	'photos'
]);
const maxListed = 6;

/** ‘preferences.emailNotifications.albumInvite’ becomes ‘Email notifications: album invite’. */
function getFieldTitle(field: string): string {
	const known = titles[field];
	if (known !== undefined) return known;
	const spaced = field
		.replace(/^(preferences|settings)\./, '')
		.replaceAll('.', ': ')
		.replace(/([a-z])([A-Z])/g, '$1 $2')
		.toLowerCase();
	return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function listed(values: readonly string[]): string {
	const rest = values.length - maxListed;
	return values.slice(0, maxListed).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function written(field: string, value: RecordedValue): string {
	if (value === null || value === '') return field === 'quotaSizeInBytes' ? 'no limit' : 'none';
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	if (Array.isArray(value)) return listed(value);
	if (field === 'quotaSizeInBytes' && typeof value === 'number') return formatBytes(value);
	if (moments.has(field)) return formatUtc(String(value));
	return String(value);
}

/** For lists, show only what was added and removed. */
function difference(from: readonly string[], to: readonly string[]): string {
	const came = to.filter((value) => !from.includes(value));
	const went = from.filter((value) => !to.includes(value));
	const parts = [came.length > 0 && `added ${listed(came)}`, went.length > 0 && `removed ${listed(went)}`];
	return parts.filter(Boolean).join('; ') || 'order changed';
}

/** Lists an event's changes in words. */
export const shownChanges = ({ action, changes }: AuditEvent): ShownChange[] =>
	Object.entries(changes ?? {}).map(([field, { from, to }]) => {
		const title = getFieldTitle(field);
		if (Array.isArray(from) && Array.isArray(to)) return { title, from: null, to: difference(from, to) };
		const isNew = counts.has(field) || (from === null && /\.(create|signUp|announce|begin)$/.test(action));
		return { title, from: isNew ? null : written(field, from), to: written(field, to) };
	});
