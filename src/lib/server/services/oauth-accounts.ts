import { firstProviderId } from '#lib/contract/oauth.ts';
import { recordedOrigin, type Origin } from '../auth/origin.ts';
import { firstAccountMustBeAdmin, oauthRefused, oauthWithoutEmail, userNotFound, type AppError } from '../errors.ts';
import {
	emailOf,
	isAdminOf,
	isEmailDisowned,
	isEmailVerified,
	labelTextOf,
	nameOf,
	quotaFromGib,
	quotaOf,
	type Profile
} from '../oauth/profile.ts';
import type { VerifiedProfile } from '../oauth/provider-client.ts';
import type { OAuthProvider } from '../oauth/provider.ts';
import { IdentityTakenError } from '../repositories/oauth-identity.repository.ts';
import type { Repositories } from '../repositories/store.ts';
import type { UserChanges, UserRow } from '../repositories/user.repository.ts';
import { accountChanges, initialFields } from './account-audit.ts';
import { changedOnly, storageLabelOf } from './user-changes.ts';

/** Carries out of a transaction that somebody whom the provider vouches for does not get in. */
export class OAuthRefusal extends Error {
	override readonly name = 'OAuthRefusal';
	/** For administrators, in the audit log. */
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
	ambiguous: `Several accounts here are linked to this account of the provider. ${askAdmin}`,
	unverified: `The provider does not confirm that this e-mail address is yours. ${askAdmin}`,
	linkedElsewhere: `The account with this e-mail address is linked to another account of the provider. ${askAdmin}`,
	admin: 'The account with this e-mail address is an administrator’s. Sign in with its password, and link it there.',
	hasPassword: 'The account with this e-mail address has a password. Sign in with it, and link the account there.',
	unknown: `There is no account for you here. ${askAdmin}`
} as const;

const refuse = (reason: string, subjectId: string | null, shown: string) =>
	new OAuthRefusal(reason, subjectId, oauthRefused(shown));

const mostLabels = 50;

/** Finds or makes the account of somebody whom a provider vouches for, within one transaction. */
export class OAuthAccounts {
	readonly #in: Repositories;
	readonly #origin: Origin;

	constructor(repositories: Repositories, origin: Origin) {
		this.#in = repositories;
		this.#origin = origin;
	}

	/** Throws OAuthRefusal; TakenError and IdentityTakenError where somebody else was quicker. */
	async resolve(provider: OAuthProvider, verified: VerifiedProfile): Promise<UserRow> {
		const { oauthIdentities, users } = this.#in;
		const { issuer, profile } = verified;
		const identity = { providerId: provider.id, issuer, subject: profile.sub };
		const email = emailOf(profile);
		const owner = await oauthIdentities.findOwner(identity);
		if (owner?.isDeleted) throw refuse('The account is deleted', owner.userId, words.deleted);
		if (owner) await oauthIdentities.noteEmail(identity, email);
		const userId =
			owner?.userId ?? (await this.#adopt(identity, email)) ?? (await this.#linkByEmail(provider, verified));
		if (userId === null) return this.#register(provider, verified);
		const user = await users.find(userId);
		if (!user) throw userNotFound();
		return provider.applyClaimsAtSignIn ? this.#applyClaims(user, provider, profile) : user;
	}

	/** Takes over whom Immich has linked: its `oauthId` is the subject, at the first provider. */
	async #adopt(identity: { providerId: string; issuer: string; subject: string }, email: string | null) {
		const { oauthIdentities } = this.#in;
		if (identity.providerId !== firstProviderId) return null;
		const [id, another] = await oauthIdentities.listAdoptable(identity.providerId, identity.subject);
		if (another !== undefined) throw refuse('Several accounts have this OAuth id', id ?? null, words.ambiguous);
		if (id === undefined) return null;
		await oauthIdentities.add({ ...identity, userId: id, email });
		return id;
	}

	/** Links an account that has the e-mail, where the provider and its settings allow that; null where there is none. */
	async #linkByEmail(provider: OAuthProvider, { issuer, profile }: VerifiedProfile): Promise<string | null> {
		const { users, oauthIdentities } = this.#in;
		const email = emailOf(profile);
		const holder = email === null ? null : await users.findByEmail(email);
		if (!holder || email === null) return null;
		const { id } = holder;
		await users.lock(id);
		// What was read before the lock may be true no longer: the account may be an administrator's by now.
		const found = await users.findByEmail(email);
		const identity = { providerId: provider.id, issuer, subject: profile.sub };
		const owner = await oauthIdentities.findOwner(identity);
		if (owner || found?.id !== id) throw new IdentityTakenError('The account was made or linked at the same moment');
		if (found.deletedAt) throw refuse('The account is deleted', id, words.deleted);
		const isFirst = provider.id === firstProviderId;
		if ((isFirst && found.oauthId) || (await oauthIdentities.hasProvider(id, provider.id)))
			throw refuse('The account is linked to somebody else at the provider', id, words.linkedElsewhere);
		if (!isEmailVerified(profile)) throw refuse('The provider has not verified the e-mail', id, words.unverified);
		if (found.isAdmin) throw refuse('An administrator is never linked by e-mail', id, words.admin);
		if (found.hasPassword && provider.linkByEmail !== 'verified')
			throw refuse('The account has a password', id, words.hasPassword);
		await oauthIdentities.add({ ...identity, userId: id, email });
		const linked = isFirst ? await users.update(id, { oauthId: profile.sub }) : await users.find(id);
		if (!linked) throw userNotFound();
		await this.#record('oauth.link', linked, null);
		return id;
	}

	/** Makes an account of what the provider says. Source: wire reference 4.5, steps 9 to 11. */
	async #register(provider: OAuthProvider, { issuer, profile }: VerifiedProfile): Promise<UserRow> {
		const { users, oauthIdentities } = this.#in;
		const email = emailOf(profile);
		if (!provider.autoRegister) throw refuse('Nobody is registered by signing in', null, words.unknown);
		if (email === null) throw new OAuthRefusal('The provider tells no e-mail', null, oauthWithoutEmail());
		if (isEmailDisowned(profile)) throw refuse('The provider has not verified the e-mail', null, words.unverified);
		const isAdmin = isAdminOf(profile, provider) ?? false;
		await users.lockAdmins();
		if (!isAdmin && !(await users.hasAdmin()))
			throw new OAuthRefusal('The first account must be an administrator’s', null, firstAccountMustBeAdmin());
		const quota = quotaOf(profile, provider);
		const made = await users.create({
			email,
			name: nameOf(profile, email),
			isAdmin,
			storageLabel: await this.#freeLabel(labelTextOf(profile, provider), null),
			quotaSizeInBytes: quota === undefined ? quotaFromGib(provider.defaultStorageQuota) : quota,
			...(provider.id === firstProviderId ? { oauthId: profile.sub } : {})
		});
		await oauthIdentities.add({ userId: made.id, providerId: provider.id, issuer, subject: profile.sub, email });
		await this.#record('oauth.register', made, initialFields(made));
		return made;
	}

	/** Lets label, quota and role follow the provider; what it says nothing of stays, and so does the last administrator. */
	async #applyClaims(user: UserRow, provider: OAuthProvider, profile: Profile): Promise<UserRow> {
		const { users } = this.#in;
		let isAdmin = isAdminOf(profile, provider);
		if (isAdmin !== undefined && isAdmin !== user.isAdmin) {
			await users.lockAdmins();
			if (!isAdmin && !(await users.hasAdmin(user.id))) isAdmin = undefined;
		}
		const label = labelTextOf(profile, provider);
		const changes: UserChanges | null = changedOnly(user, {
			isAdmin,
			quotaSizeInBytes: quotaOf(profile, provider),
			storageLabel: label === '' ? undefined : ((await this.#freeLabel(label, user)) ?? undefined)
		});
		if (!changes) return user;
		const changed = await users.update(user.id, changes);
		await this.#record('oauth.applyClaims', changed, accountChanges(user, changed));
		return changed;
	}

	/** Makes a label safe and somebody's own: `ann`, else `ann-2`, `ann-3` …; null where there is none. */
	async #freeLabel(text: string, holder: UserRow | null): Promise<string | null> {
		const label = storageLabelOf(text);
		if (!label || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(label)) return null;
		const wanted = [label, ...Array.from({ length: mostLabels - 1 }, (_, index) => `${label}-${index + 2}`)];
		const taken = new Set(await this.#in.users.listTakenLabels(wanted, holder?.id ?? null));
		return wanted.find((one) => one === holder?.storageLabel || !taken.has(one.toLowerCase())) ?? null;
	}

	async #record(
		action: 'oauth.link' | 'oauth.register' | 'oauth.applyClaims',
		{ id, name, email }: UserRow,
		changes: ReturnType<typeof accountChanges>
	): Promise<void> {
		const person = { id, name, email };
		await this.#in.audit.record({
			action,
			actor: person,
			subject: person,
			credential: null,
			origin: recordedOrigin(this.#origin),
			...(changes && { changes })
		});
	}
}
