import { uuidPattern } from '#lib/contract/uuid-pattern.ts';
import { normalizeEmail } from '#lib/contract/email.ts';
import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import { toRecordedClientInfo, type ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import { oauthRefused, oauthWithoutEmail } from './errors.ts';
import { requireUser, type AppError } from '#lib/server/platform/errors.ts';
import {
	getEmail,
	readIsAdmin,
	isEmailDisowned,
	isEmailVerified,
	getLabelText,
	getName,
	quotaFromGib,
	getQuota,
	type Profile
} from './profile.ts';
import type { VerifiedProfile } from './provider-client.ts';
import { getHost, type OAuthProvider, type SettingsReader } from '#lib/server/features/settings/index.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import { IdentityTakenError, type OAuthIdentityKey, type OAuthIdentityOwner } from './oauth-identity.repository.ts';
import type { OAuthRepositories } from './repositories.ts';
import {
	changedOnly,
	refuseWithoutOtherAdmin,
	normalizeStorageLabel,
	type UserRow,
	firstUserMustBeAdmin
} from '#lib/server/features/users/index.ts';
import { recordedUserChanges, initialFields, removedChanges } from '#lib/server/features/audit/index.ts';

/** Thrown out of the transaction when a user whom the provider vouches for is refused. */
export class OAuthRefusal extends Error {
	override readonly name = 'OAuthRefusal';
	/** For admins, in the audit log. */
	readonly reason: string;
	readonly subjectId: string | null;
	readonly error: AppError;

	constructor(reason: string, subjectId: string | null, error: AppError) {
		super(reason);
		this.reason = reason;
		this.subjectId = subjectId;
		this.error = error;
	}
}

const askAdmin = 'An administrator of this server can help.';
const words = {
	deleted: `This account has been deleted. ${askAdmin}`,
	ambiguous: `This provider account is linked to more than one user. ${askAdmin}`,
	unverified: `The provider does not confirm that this email address is yours. ${askAdmin}`,
	unconfirmed: `An account here uses this email address without proof that it belongs to its user. ${askAdmin}`,
	linkedElsewhere: `The account with this email is linked to another account of the provider. ${askAdmin}`,
	admin:
		'This email belongs to an administrator account. Sign in with your password and link the account in your profile.',
	hasPassword:
		'An account with this email already exists. Sign in with your password, then link it under Linked accounts.',
	unknown: `You don’t have an account on this server. ${askAdmin}`
} as const;

const refuse = (reason: string, subjectId: string | null, shown: string) =>
	new OAuthRefusal(reason, subjectId, oauthRefused(shown));

const mostLabels = 50;

/** The local user of a provider's user. */
export interface ResolvedUser {
	readonly user: UserRow;
	/** Why the role claim to remove admin rights was ignored; null if it wasn't. */
	readonly adminKept: string | null;
}

/** Finds or creates the user whom a provider vouches for, within one transaction. */
export class UserResolver {
	readonly #repositories: OAuthRepositories;
	readonly #settings: SettingsReader;
	readonly #clientInfo: ClientInfo;

	constructor(repositories: OAuthRepositories, settings: SettingsReader, clientInfo: ClientInfo) {
		this.#repositories = repositories;
		this.#settings = settings;
		this.#clientInfo = clientInfo;
	}

	/**
	 * Returns the user that the provider's response belongs to: known by identity, linked by email, or newly
	 * registered.
	 * @throws {OAuthRefusal} if the user is refused
	 * @throws {TakenError} if a concurrent request took the email or storage label
	 * @throws {IdentityTakenError} if a concurrent request linked the identity
	 */
	async resolve(provider: OAuthProvider, verified: VerifiedProfile): Promise<ResolvedUser> {
		const { oauthIdentities, users } = this.#repositories;
		const { issuer, profile } = verified;
		const identity = { providerId: provider.id, issuer, subject: profile.sub };
		const owner = await oauthIdentities.findOwner(identity);
		if (owner?.isDeleted) throw refuse('The account is deleted', owner.userId, words.deleted);
		const userId =
			owner?.userId ??
			(await this.#adopt(identity, provider, profile)) ??
			(await this.#linkByEmail(provider, verified));
		if (userId === null) return { user: await this.#register(provider, verified), adminKept: null };
		const user = requireUser(await users.find(userId));
		const applied = await this.#applyClaims(user, provider, profile);
		if (owner) await this.#noteEmail(owner, identity, applied.user, provider, profile);
		return applied;
	}

	/** Stores the email of a known identity. A verified one that matches the user's email confirms it. */
	async #noteEmail(
		owner: OAuthIdentityOwner,
		identity: OAuthIdentityKey,
		user: UserRow,
		provider: OAuthProvider,
		profile: Profile
	): Promise<void> {
		const { oauthIdentities, emailOrigins } = this.#repositories;
		const email = getEmail(profile);
		const isVerified = isEmailVerified(profile, provider);
		await oauthIdentities.noteEmail(identity, email, isVerified);
		if (isVerified && email === normalizeEmail(user.email))
			await emailOrigins.confirm(user.id, 'provider', owner.linkedAt);
	}

	/** Takes over a link made by Immich, whose `oauthId` is the subject at the first provider. */
	async #adopt(identity: OAuthIdentityKey, provider: OAuthProvider, profile: Profile): Promise<string | null> {
		const { oauthIdentities } = this.#repositories;
		if (identity.providerId !== firstProviderId) return null;
		const [id, another] = await oauthIdentities.listAdoptable(identity.providerId, identity.subject);
		if (another !== undefined) throw refuse('Several accounts have this OAuth id', id ?? null, words.ambiguous);
		if (id === undefined) return null;
		// Before the identity, as wherever an admin is deleted, demoted or unlinked.
		await this.#repositories.users.lockAdmins();
		const isVerified = isEmailVerified(profile, provider);
		await oauthIdentities.add({ ...identity, userId: id, email: getEmail(profile), isVerified, linkedBy: 'immich' });
		return id;
	}

	/** Links the user who has the email, if the provider and the settings allow that; null if there is none. */
	async #linkByEmail(provider: OAuthProvider, { issuer, profile }: VerifiedProfile): Promise<string | null> {
		const { users, oauthIdentities, emailOrigins, notifications } = this.#repositories;
		const email = getEmail(profile);
		const holder = email === null ? null : await users.findByEmail(email);
		if (!holder || email === null) return null;
		const { id } = holder;
		await users.lock(id);
		// Read again under the lock: the user may have become an admin meanwhile.
		const found = await users.findByEmail(email);
		const identity = { providerId: provider.id, issuer, subject: profile.sub };
		const owner = await oauthIdentities.findOwner(identity);
		if (owner || found?.id !== id) throw new IdentityTakenError('The account was made or linked at the same moment');
		if (found.deletedAt) throw refuse('The account is deleted', id, words.deleted);
		const isFirst = provider.id === firstProviderId;
		if ((isFirst && found.oauthId) || (await oauthIdentities.hasProvider(id, provider.id)))
			throw refuse('The account is linked to another user of the provider', id, words.linkedElsewhere);
		if (!isEmailVerified(profile, provider))
			throw refuse('The provider has not verified the email', id, words.unverified);
		if (found.isAdmin) throw refuse('An administrator is never linked by email', id, words.admin);
		const proof = await emailOrigins.findProof(id);
		if (!proof) throw refuse('Only the user themselves has confirmed the email of the account', id, words.unconfirmed);
		if (found.hasPassword && provider.linkByEmail !== 'verified')
			throw refuse('The account has a password', id, words.hasPassword);
		const removed = await emailOrigins.removeUnproven(id, email, proof);
		await oauthIdentities.add({ ...identity, userId: id, email, isVerified: true, linkedBy: 'email' });
		const linked = requireUser(isFirst ? await users.update(id, { oauthId: profile.sub }) : await users.find(id));
		await this.#record('oauth.link', linked, removedChanges(removed));
		await notifications.create(id, notices.linkedByEmail(getHost(issuer), removed));
		return id;
	}

	/** Creates a user from the provider's claims. Source: docs/wire-reference/oauth.md#post-oauthcallback. */
	async #register(provider: OAuthProvider, { issuer, profile }: VerifiedProfile): Promise<UserRow> {
		const { users, oauthIdentities } = this.#repositories;
		const email = getEmail(profile);
		if (!provider.autoRegister) throw refuse('Auto-registration is turned off', null, words.unknown);
		if (email === null) throw new OAuthRefusal('The provider didn’t return an email', null, oauthWithoutEmail());
		if (isEmailDisowned(profile, provider))
			throw refuse('The provider has not verified the email', null, words.unverified);
		const isAdmin = readIsAdmin(profile, provider) ?? false;
		await users.lockAdmins();
		if (!isAdmin && !(await users.hasAdmin()))
			throw new OAuthRefusal('The first account must be an administrator’s', null, firstUserMustBeAdmin());
		const quota = getQuota(profile, provider);
		const isVerified = isEmailVerified(profile, provider);
		const made = await users.create({
			email,
			emailOrigin: isVerified ? 'provider' : 'self',
			name: getName(profile, email),
			isAdmin,
			storageLabel: await this.#freeLabel(getLabelText(profile, provider), null),
			quotaSizeInBytes: quota === undefined ? quotaFromGib(provider.defaultStorageQuota) : quota,
			...(provider.id === firstProviderId ? { oauthId: profile.sub } : {})
		});
		const identity = { providerId: provider.id, issuer, subject: profile.sub };
		await oauthIdentities.add({ ...identity, userId: made.id, email, isVerified, linkedBy: 'registration' });
		await this.#record('oauth.register', made, initialFields(made));
		return made;
	}

	/**
	 * Applies the role whenever its claim is sent, as Immich does since 3.1; label and quota only if the settings say so.
	 * Claims that aren't sent change nothing, and an admin stays one if no other would be left, or none who can
	 * sign in.
	 */
	async #applyClaims(user: UserRow, provider: OAuthProvider, profile: Profile): Promise<ResolvedUser> {
		const { users } = this.#repositories;
		let isAdmin = readIsAdmin(profile, provider);
		let adminKept: string | null = null;
		if (isAdmin === false && user.isAdmin) {
			await users.lockAdmins();
			const refusal = await refuseWithoutOtherAdmin(this.#repositories, this.#settings, user.id);
			if (refusal) {
				isAdmin = undefined;
				adminKept = refusal.message;
				await this.#record('oauth.applyClaims', user, null, adminKept);
			}
		}
		const followed = provider.applyClaimsAtSignIn ? await this.#storageClaims(user, provider, profile) : {};
		const changes = changedOnly(user, { isAdmin, ...followed });
		if (!changes) return { user, adminKept };
		const changed = await users.update(user.id, changes);
		await this.#record('oauth.applyClaims', changed, recordedUserChanges(user, changed));
		return { user: changed, adminKept };
	}

	async #storageClaims(user: UserRow, provider: OAuthProvider, profile: Profile) {
		const label = getLabelText(profile, provider);
		return {
			quotaSizeInBytes: getQuota(profile, provider),
			storageLabel: label === '' ? undefined : ((await this.#freeLabel(label, user)) ?? undefined)
		};
	}

	/** Returns a safe and unused label: `ann`, else `ann-2`, `ann-3` …; null if there is none. */
	async #freeLabel(text: string, holder: UserRow | null): Promise<string | null> {
		const label = normalizeStorageLabel(text);
		if (!label || uuidPattern.test(label)) return null;
		const wanted = [label, ...Array.from({ length: mostLabels - 1 }, (_, index) => `${label}-${index + 2}`)];
		const taken = new Set(await this.#repositories.users.listTakenLabels(wanted, holder?.id ?? null));
		return wanted.find((one) => one === holder?.storageLabel || !taken.has(one.toLowerCase())) ?? null;
	}

	async #record(
		action: 'oauth.link' | 'oauth.register' | 'oauth.applyClaims',
		{ id, name, email }: UserRow,
		changes: ReturnType<typeof recordedUserChanges>,
		refused: string | null = null
	): Promise<void> {
		const user = { id, name, email };
		await this.#repositories.audit.record({
			action,
			actor: user,
			subject: user,
			credential: null,
			clientInfo: toRecordedClientInfo(this.#clientInfo),
			...(changes && { changes }),
			...(refused !== null && { outcome: 'refused', reason: refused })
		});
	}
}
