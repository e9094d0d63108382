import type { NotificationLevel } from '#lib/contract/notifications/notification.ts';
import type { BatchKind, BatchOutcome } from '#lib/contract/user-batches/user-batch.ts';
import type { RemovedCredentials } from '#lib/server/features/users/index.ts';
import type { NewNotification } from './notification.repository.ts';

/** The console page with details; other clients can ignore it. */
type About =
	'devices' | 'password' | 'pin' | 'profile' | 'providers' | 'apiKeys' | 'partners' | { readonly batch: string };

const message = (level: NotificationLevel, title: string, description: string, about: About): NewNotification => ({
	level,
	type: 'SystemMessage',
	title,
	description,
	data: typeof about === 'string' ? { about } : { about: 'batch', id: about.batch }
});

const notYou = 'If that was not you, ask your administrator for help.';

const batchWords: Readonly<Record<BatchKind, string>> = {
	requireChange: 'new passwords required',
	resetPassword: 'passwords reset',
	setQuota: 'quotas set',
	delete: 'users deleted',
	restore: 'users restored',
	unlinkOAuth: 'users unlinked from their providers',
	create: 'users imported'
};

/** The notifications that the server sends. They contain no secrets and no other user's name. */
export const notices = {
	/** Accepts only known client names and a valid IP address, so that an attacker can't control this text. */
	newDevice: (client: string | null, address: string | null) =>
		message(
			'warning',
			'Sign-in from a new device',
			`Someone signed in to your account with ${client ?? 'an unknown device'}, from ${address ?? 'an unknown address'}. If this wasn’t you, sign that device out and change your password.`,
			'devices'
		),
	passwordChanged: message('info', 'Your password was changed', `You changed your password. ${notYou}`, 'password'),
	emailChanged: message('info', 'Your email was changed', `You sign in with your new email now. ${notYou}`, 'profile'),
	emailSet: message(
		'warning',
		'Your email was changed',
		'An administrator changed the email of your account.',
		'profile'
	),
	apiKeyCreated: message(
		'warning',
		'New API key',
		'An API key was created for your account. If that was not you, delete the key and change your password.',
		'apiKeys'
	),
	apiKeyRotated: message(
		'warning',
		'API key replaced',
		'An API key of your account got a new secret, and the old one no longer works. If that was not you, delete the key and change your password.',
		'apiKeys'
	),
	apiKeyWidened: message(
		'warning',
		'API key extended',
		'An API key of your account can now do more, or works longer. If that was not you, delete the key and change your password.',
		'apiKeys'
	),
	sessionCreated: message(
		'info',
		'New session for another device',
		`One of your sessions started another one, which ends with it at the latest. ${notYou}`,
		'devices'
	),
	passwordReset: message(
		'warning',
		'Your password was reset',
		'An administrator gave your account a temporary password and ended your sessions.',
		'password'
	),
	passwordSet: message(
		'warning',
		'Your password was set',
		'An administrator set a new password for your account and ended your sessions.',
		'password'
	),
	passwordSetOnServer: message(
		'warning',
		'Your password was set',
		'Someone with access to the server set a new password for your account. If that was not you, find out who it was.',
		'password'
	),
	ownPinSet: message('info', 'Your PIN was set', `You set a PIN. ${notYou}`, 'pin'),
	ownPinChanged: message('info', 'Your PIN was changed', `You changed your PIN. ${notYou}`, 'pin'),
	ownPinCleared: message('info', 'Your PIN was removed', `You removed your PIN. ${notYou}`, 'pin'),
	pinCleared: message(
		'warning',
		'Your PIN was removed',
		'An administrator removed your PIN. Your locked folder stays locked until you set a new one.',
		'pin'
	),
	pinSet: message('warning', 'Your PIN was set', 'An administrator set a PIN for your account.', 'pin'),
	/** A PIN set or removed through the admin operations. */
	pin: (isSet: boolean, isOwn: boolean) => {
		if (isOwn) return isSet ? notices.ownPinSet : notices.ownPinCleared;
		return isSet ? notices.pinSet : notices.pinCleared;
	},
	linked: (host: string) =>
		message('info', 'Provider linked', `You can now also sign in through ${host}. ${notYou}`, 'providers'),
	linkedByEmail: (host: string, removed: RemovedCredentials) => {
		const lost = formatLosses(removed);
		const tail =
			lost === '' ? '' : ` Because someone else may have used your account before, this was removed: ${lost}.`;
		return message(
			'warning',
			'Provider linked',
			`Someone signed in through ${host} with the verified email of your account, and can sign in that way from now on.${tail} If that was not you, ask your administrator for help.`,
			'providers'
		);
	},
	unlinked: message(
		'info',
		'Provider unlinked',
		'You can no longer sign in through the provider that you unlinked.',
		'providers'
	),
	unlinkedByAdmin: message(
		'warning',
		'Provider unlinked',
		'An administrator unlinked your account from its provider. You can no longer sign in that way, and sessions started that way have ended.',
		'providers'
	),
	/** Names no user: who invites could choose any name. Source: docs/wire-reference/albums.md#bulk-results. */
	albumInvite: (albumId: string): NewNotification => ({
		level: 'info',
		type: 'AlbumInvite',
		title: 'You were added to an album',
		description: 'You can see it under Albums, and leave it there.',
		data: { albumId }
	}),
	albumUpdate: (albumId: string): NewNotification => ({
		level: 'info',
		type: 'AlbumUpdate',
		title: 'New photos in a shared album',
		description: 'Another member added photos to an album that is shared with you.',
		data: { albumId }
	}),
	/** Of the same kind, so that a member has one unread notification about an album at most. */
	albumUpload: (albumId: string): NewNotification => ({
		...notices.albumUpdate(albumId),
		title: 'New photos in an album',
		description: 'Someone added photos to one of your albums through a shared link.'
	}),
	partnerAdded: message(
		'info',
		'A library is shared with you',
		'You can see the photos of another user now. You can end that under Partners.',
		'partners'
	),
	partnerRequested: message(
		'info',
		'Someone wants to share their library with you',
		'You see nothing of it until you accept it under Partners.',
		'partners'
	),
	partnerAccepted: message(
		'info',
		'Your library was accepted',
		'A user whom you asked accepted your library and can see your photos now.',
		'partners'
	),
	batchFinished: (id: string, kind: BatchKind, { done, skipped, failed }: Readonly<Record<BatchOutcome, number>>) =>
		message(
			failed > 0 ? 'warning' : 'success',
			`Finished: ${batchWords[kind]}`,
			`Of ${done + skipped + failed} users: ${done} done, ${skipped} skipped, ${failed} failed.`,
			{ batch: id }
		)
};

function formatLosses({ identities, sessions, apiKeys, isPasswordRemoved }: RemovedCredentials): string {
	const counted = (count: number, one: string, many: string) =>
		count === 0 ? [] : [count === 1 ? `1 ${one}` : `${count} ${many}`];
	return [
		...counted(identities, 'linked provider', 'linked providers'),
		...counted(sessions, 'session', 'sessions'),
		...counted(apiKeys, 'API key', 'API keys'),
		...(isPasswordRemoved ? ['the password'] : [])
	].join(', ');
}
