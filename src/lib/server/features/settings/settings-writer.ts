import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import type { RecordedChanges } from '#lib/contract/audit/audit.ts';
import type { DocumentName } from '#lib/contract/settings/groups/index.ts';
import {
	diffImmichAuthConfig,
	ImmichAuthConfigDto,
	mergeImmichAuthConfig
} from '#lib/contract/settings/document/immich-auth.ts';
import { AdminConfigDto, diffFromDefaults, mergeWithDefaults } from '#lib/contract/settings/document/index.ts';
import { changedLeaves, toLeaves } from '#lib/contract/settings/document/leaves.ts';
import { toText, type JsonObject, type JsonValue } from '#lib/contract/settings/document/sparse-document.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { requireAll } from '#lib/server/platform/caller/authorize.ts';
import { lockOn, type SettingLock } from './setting-locks.ts';
import type { Settings, SettingsReader } from './settings-reader.ts';
import { invalidMailServer, issuerOfOther, settingsChanged, settingsLocked } from './errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { findMailFault, type MailServer } from '#lib/server/features/mail/index.ts';
import type { SettingsStore } from './repositories.ts';
import { requireAdminsCanSignIn } from './admin-ways.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { recordedSettings } from './settings-audit.ts';
import { refuseRedirectedLocks } from './settings-secrets.ts';
import { checkStorageTemplate } from './storage-template.ts';

/** Finds a provider that would use another provider's issuer after a change; null if there is none. */
export interface IssuerCheck {
	findClaim(before: Settings, after: Settings): Promise<{ readonly id: string } | null>;
}

interface Dependencies {
	readonly store: SettingsStore;
	readonly settings: SettingsReader;
	readonly issuers: IssuerCheck;
	readonly locks: readonly SettingLock[];
	readonly log: Log;
	/** Called after each save, even if it changed nothing. */
	readonly onSaved: () => void;
}

/** What is stored of a document, and the result of reading it again. */
const sparse: Readonly<Record<DocumentName, (document: JsonObject) => { stored: JsonObject; read: JsonObject }>> = {
	system: (document) => {
		const stored = diffFromDefaults(AdminConfigDto.parse(document));
		return { stored, read: mergeWithDefaults(stored).config };
	},
	immichAuth: (document) => {
		const stored = diffImmichAuthConfig(ImmichAuthConfigDto.parse(document));
		return { stored, read: mergeImmichAuthConfig(stored).config };
	}
};

/** A document after saving: a blanked setting has its default again. */
export const asSaved = (name: DocumentName, document: JsonObject): JsonObject => sparse[name](document).read;

/** Returns a document as it is to be; called several times, with the document as it is by then. */
type Decide = (current: JsonObject) => JsonObject;
export type Decisions = Partial<Readonly<Record<DocumentName, Decide>>>;

interface ChangeOptions {
	readonly mayLockAdminsOut?: boolean;
}

/** A document before and after a change. */
interface Draft {
	readonly name: DocumentName;
	readonly current: JsonObject;
	readonly stored: JsonObject;
	readonly read: JsonObject;
}

const documentNames: readonly DocumentName[] = ['system', 'immichAuth'];

/** The only code that changes settings. */
export class SettingsWriter {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Replaces a document with the result of `decide`, and returns the new document.
	 * @throws {AppError} 400 and 412 as `changeAll`
	 */
	async change(auth: Auth, name: DocumentName, decide: Decide, options?: ChangeOptions): Promise<JsonObject> {
		const documents: Partial<Record<DocumentName, JsonObject>> = await this.changeAll(
			auth,
			{ [name]: decide },
			options
		);
		return documents[name] ?? {};
	}

	/**
	 * Replaces documents with the results of their functions, one change at a time across instances, and returns all
	 * documents. The documents and one audit event are written together or not at all.
	 * @throws {AppError} 400 if a part is locked or invalid, or if no admin could sign in afterwards, unless
	 * `mayLockAdminsOut`; 412 if a document isn't the expected version
	 */
	async changeAll(
		auth: Auth,
		decisions: Decisions,
		{ mayLockAdminsOut = false }: ChangeOptions = {}
	): Promise<Settings> {
		const { store, settings, log } = this.#deps;
		for (const name of documentNames) if (decisions[name]) this.#refuseWhole(name);
		const tried = await this.#testMailServer(auth, decisions);
		const checked = await this.#checkIssuers(auth, decisions);
		const { after, count } = await store.transaction(async (repositories) => {
			await repositories.settings.lock();
			// The mail server may have been slow, and the caller's access may have ended meanwhile.
			await requireLiveAdmin(repositories, auth);
			const documents = settings.parse(await repositories.settings.read());
			const drafts = toDrafts(documents, decisions);
			for (const { name, current, read } of drafts) await this.#refuseParts(name, current, read);
			if (drafts.some(({ name, current, read }) => changesSignIn(name, current, read))) requireAll(auth);
			// Another admin may have changed it since the check.
			if (!isSame(newMailServer(drafts), tried)) throw settingsChanged();
			if (checked !== null && !isSame(drafts.map(toOAuth), checked)) throw settingsChanged();
			const after = withDrafts(documents, drafts);
			if (!mayLockAdminsOut)
				await requireAdminsCanSignIn(repositories, settings.asInForce(documents), settings.asInForce(after));
			const changed = drafts.map((draft) => ({ ...draft, changes: recordDraft(draft) })).filter(hasChanges);
			const changes = changed.reduce((all, one) => ({ ...all, ...one.changes }), {});
			for (const { name, stored } of changed) await repositories.settings.write(name, stored);
			if (changed.length > 0)
				await repositories.audit.record(buildAuditEntry(auth, { action: 'settings.update', subject: null, changes }));
			return { after, count: Object.keys(changes).length };
		});
		await settings.refresh();
		this.#deps.onSaved();
		if (count > 0) log.info({ userId: auth.user.id, documents: Object.keys(decisions), count }, 'Settings changed');
		return after;
	}

	/**
	 * Tries the mail server in a change before anything is locked, because that can take seconds.
	 * @throws {AppError} 400 if it would accept no mail
	 */
	async #testMailServer(auth: Auth, decisions: Decisions): Promise<MailServer | null> {
		const server = newMailServer(toDrafts(this.#deps.settings.documents, decisions));
		if (!server) return null;
		const fault = await findMailFault(server);
		const changes = {
			'settings.notifications.smtp.transport.host': { from: null, to: server.host },
			'settings.notifications.smtp.transport.port': { from: null, to: server.port }
		};
		const refused = fault ? { refused: fault.words } : {};
		await this.#deps.store.audit.record(
			buildAuditEntry(auth, { action: 'settings.try', subject: null, changes, ...refused })
		);
		if (!fault) return server;
		this.#deps.log.warn({ error: fault.cause }, `Mail server refused: ${fault.words}`);
		throw invalidMailServer(`smtp.transport.${fault.setting}`, fault.words, fault.cause);
	}

	/**
	 * Refuses a provider whose discovery document announces another provider's issuer. Documents are read before anything is
	 * locked, because that can take seconds. Returns the checked settings; null if no check was needed.
	 */
	async #checkIssuers(auth: Auth, decisions: Decisions): Promise<readonly JsonValue[] | null> {
		const { settings, issuers } = this.#deps;
		const drafts = toDrafts(settings.documents, decisions);
		if (drafts.every(({ current, read }) => isSame(getOAuth(current), getOAuth(read)))) return null;
		requireAll(auth);
		const claim = await issuers.findClaim(settings.current, settings.asInForce(withDrafts(settings.documents, drafts)));
		if (claim)
			throw issuerOfOther(claim.id === firstProviderId ? 'oauth.issuerUrl' : `oauth.providers.${claim.id}.issuerUrl`);
		return drafts.map(toOAuth);
	}

	#refuseWhole(name: DocumentName): void {
		const lock = lockOn(this.#deps.locks, name, '');
		if (lock) throw settingsLocked(lock.refusal);
	}

	async #refuseParts(name: DocumentName, from: JsonObject, to: JsonObject): Promise<void> {
		refuseRedirectedLocks(this.#deps.locks, name, from, to);
		for (const { path, to: value } of changedLeaves(from, to)) {
			const lock = lockOn(this.#deps.locks, name, path);
			if (lock) throw settingsLocked(lock.refusal);
			if (path === 'storageTemplate.template') await checkStorageTemplate(toText(value));
		}
	}
}

/**
 * Whether a change affects who can sign in, as what, or for how long: anyone could become an admin through a provider of
 * their own. Our own document contains nothing else.
 */
const changesSignIn = (name: DocumentName, from: JsonObject, to: JsonObject): boolean =>
	changedLeaves(from, to).some(
		({ path }) => name === 'immichAuth' || path.startsWith('oauth.') || path.startsWith('passwordLogin.')
	);

/** The mail server after a change to it; null if it is unchanged or mail is off. */
function newMailServer(drafts: readonly Draft[]): MailServer | null {
	const draft = drafts.find(({ name }) => name === 'system');
	if (!draft) return null;
	const { smtp } = AdminConfigDto.parse(draft.read).notifications;
	const isChanged = changedLeaves(draft.current, draft.read).some(({ path }) => path.startsWith('notifications.smtp.'));
	return smtp.enabled && isChanged ? smtp.transport : null;
}

const getOAuth = (document: JsonObject): JsonValue => document['oauth'] ?? null;
const toOAuth = ({ read }: Draft): JsonValue => getOAuth(read);

/** Applies the decisions to the current documents. */
const toDrafts = (documents: Settings, decisions: Decisions): Draft[] =>
	documentNames.flatMap((name) => {
		const [current, decide] = [documents[name], decisions[name]];
		return decide ? [{ name, current, ...sparse[name](decide(current)) }] : [];
	});

const withDrafts = (documents: Settings, drafts: readonly Draft[]): Settings =>
	drafts.reduce((all, { name, read }) => ({ ...all, ...toPartialSettings(name, read) }), documents);

function recordDraft({ name, current, stored, read }: Draft): RecordedChanges {
	const set = new Set([sparse[name](current).stored, stored].flatMap((document) => [...toLeaves(document).keys()]));
	return recordedSettings(name, current, read, (path) => set.has(path));
}

const hasChanges = ({ changes }: { readonly changes: RecordedChanges }): boolean => Object.keys(changes).length > 0;

const toPartialSettings = (name: DocumentName, document: JsonObject): Partial<Settings> =>
	name === 'system' ? { system: AdminConfigDto.parse(document) } : { immichAuth: ImmichAuthConfigDto.parse(document) };

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
