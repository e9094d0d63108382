import type { FoundSetting, GroupPage, GroupSummary, ShownSetting } from '#lib/contract/settings/settings-page.ts';
import type { SettingsReview } from '#lib/contract/settings/settings-operations.ts';
import { listSettingsGroups, type SettingsGroup } from '#lib/contract/settings/groups/index.ts';
import { changedLeaves, toLeaves } from '#lib/contract/settings/document/leaves.ts';
import { maskSecrets } from '#lib/contract/settings/document/secrets.ts';
import type { SettingField } from '#lib/contract/settings/document/setting-fields.ts';
import { toText, type JsonObject, type JsonValue } from '#lib/contract/settings/document/sparse-document.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { lockOn, type SettingLock } from './setting-locks.ts';
import type { SettingsKey } from './settings-key.ts';
import type { SettingsReader } from './settings-reader.ts';
import { settingsGroupNotFound } from './errors.ts';
import { getPart, toPath } from './settings-part.ts';
import { refuseRedirectedLocks } from './settings-secrets.ts';
import { proposeSettings, type Proposal, type Standing } from './settings-proposal.ts';
import { withReset, type PostedSettings } from './settings-form.ts';
import type { SettingsWriter } from './settings-writer.ts';

interface Dependencies {
	readonly settings: SettingsReader;
	readonly writer: SettingsWriter;
	readonly key: SettingsKey;
	readonly locks: readonly SettingLock[];
}

/** A settings group, and the whole document as it would be saved. */
export interface ProposedGroup {
	readonly group: SettingsGroup;
	readonly document: JsonObject;
}

/** Thrown inside a change to abort it. */
class Undecided extends Error {
	readonly proposal: Proposal;
	readonly version: string;

	constructor(proposal: Proposal, version: string) {
		super('Both have changed the same setting');
		this.proposal = proposal;
		this.version = version;
	}
}

/** The settings for the console, one group at a time. */
export class SettingsGroupService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Lists the groups in the order in which pages show them. */
	list(): GroupSummary[] {
		return this.#groups().map((group) => this.#toSummary(group));
	}

	/** Finds settings whose title, description, name and group together contain all of the words. */
	search(text: string): FoundSetting[] {
		const words = text.toLowerCase().split(/\s+/).filter(Boolean);
		return this.#groups()
			.flatMap((group) => this.#searchable(group))
			.filter(({ groupTitle, name, title, description }) => {
				const all = `${groupTitle} ${name} ${title} ${description}`.toLowerCase();
				return words.every((word) => all.includes(word));
			});
	}

	/**
	 * Returns a settings group with its fields.
	 * @throws {AppError} 404 for an unknown group
	 */
	page(id: string): GroupPage {
		const group = this.#requireGroup(id);
		const document = this.#getDocument(group);
		const part = getPart(group, maskSecrets(document));
		const hasForm = group.fields.length > 0;
		return {
			...this.#toSummary(group),
			providerId: group.providerId,
			settings: group.fields.map((field) => this.#shown(group, field, part)),
			json: hasForm ? null : { text: inLines(part), defaultText: inLines(group.defaults) },
			lockedBy: lockOn(this.#deps.locks, group.document, group.prefix)?.by ?? null,
			version: this.#standing(group, document).version,
			base: JSON.stringify(part)
		};
	}

	/**
	 * Returns what saving would change, without saving.
	 * @throws {AppError} 400 with a message for each invalid field
	 */
	async review(id: string, posted: PostedSettings): Promise<SettingsReview> {
		return (await this.propose(id, posted)).review;
	}

	/** The same, with the document that would be saved. */
	async propose(id: string, posted: PostedSettings): Promise<{ review: SettingsReview } & ProposedGroup> {
		const group = this.#requireGroup(id);
		const typed = await this.#unsealed(group, posted);
		const standing = this.#standing(group, this.#getDocument(group));
		const proposal = proposeSettings(group, standing, typed, this.#lockedIn(group));
		refuseRedirectedLocks(this.#deps.locks, group.document, this.#getDocument(group), proposal.document);
		const review = await this.#buildReview(group, proposal, standing.version, typed);
		return { review, group, document: proposal.document };
	}

	/**
	 * Saves and returns null, or returns a review if another admin has changed the same setting meanwhile.
	 * @throws {AppError} 400 if a field is invalid or locked, or if no admin could sign in afterwards
	 */
	async save(auth: Auth, id: string, posted: PostedSettings): Promise<SettingsReview | null> {
		const group = this.#requireGroup(id);
		const typed = await this.#unsealed(group, posted);
		try {
			await this.#deps.writer.change(auth, group.document, (current) => {
				const standing = this.#standing(group, current);
				const proposal = proposeSettings(group, standing, typed, this.#lockedIn(group));
				if (proposal.isConflict) throw new Undecided(proposal, standing.version);
				return proposal.document;
			});
			return null;
		} catch (error) {
			if (!(error instanceof Undecided)) throw error;
			return await this.#buildReview(group, error.proposal, error.version, typed);
		}
	}

	#groups(): readonly SettingsGroup[] {
		return listSettingsGroups(this.#deps.settings.documents.immichAuth);
	}

	#requireGroup(id: string): SettingsGroup {
		const found = this.#groups().find((group) => group.id === id);
		if (!found) throw settingsGroupNotFound();
		return found;
	}

	#getDocument({ document }: SettingsGroup): JsonObject {
		return this.#deps.settings.documents[document];
	}

	#standing(group: SettingsGroup, document: JsonObject): Standing {
		return { document, version: this.#deps.key.computeVersion(getPart(group, document)) };
	}

	#lockedIn(group: SettingsGroup): ReadonlySet<string> {
		const { document, fields } = group;
		return new Set(
			fields.flatMap(({ name }) => (lockOn(this.#deps.locks, document, toPath(group, name)) ? [name] : []))
		);
	}

	#toSummary(group: SettingsGroup): GroupSummary {
		const { id, title, description, fields } = group;
		const changedCount = changedLeaves(group.defaults, getPart(group, this.#getDocument(group))).length;
		return { id, title, description, changedCount, hasForm: fields.length > 0 };
	}

	#searchable(group: SettingsGroup): FoundSetting[] {
		const changed = new Set(
			changedLeaves(group.defaults, getPart(group, this.#getDocument(group))).map(({ path }) => path)
		);
		const found = (name: string, title: string, description: string, part?: string) => ({
			groupId: group.id,
			groupTitle: part === undefined ? group.title : `${group.title}, ${part}`,
			name,
			title,
			description,
			isDefault: !changed.has(name)
		});
		return group.fields.length > 0
			? group.fields.map(({ name, title, description, section }) => found(name, title, description, section?.title))
			: [...toLeaves(group.defaults).keys()].map((name) => found(name, name, group.description));
	}

	#shown(group: SettingsGroup, field: SettingField, part: JsonObject): ShownSetting {
		const { name, kind } = field;
		const lockedBy = lockOn(this.#deps.locks, group.document, toPath(group, name))?.by ?? null;
		// Locked settings are shown with the value in force.
		const inForce = getPart(group, maskSecrets(this.#deps.settings.current[group.document]));
		const value = toLeaves(lockedBy === null ? part : inForce).get(name) ?? null;
		const standard = toLeaves(group.defaults).get(name) ?? null;
		const isSecret = kind === 'secret';
		return {
			...field,
			value: isSecret ? '' : inField(value),
			defaultValue: inField(standard),
			isDefault: value === standard,
			isSet: isSecret && value !== '',
			lockedBy
		};
	}

	/** Restores typed secrets that were carried through a confirmation page. */
	async #unsealed(group: SettingsGroup, sent: PostedSettings): Promise<PostedSettings> {
		const posted = withReset(group, sent);
		const secrets = group.fields.filter(
			({ name, kind }) => kind === 'secret' && !posted[name] && posted[`${name}.sealed`]
		);
		const opened = await Promise.all(
			secrets.map(
				async ({ name }) => [name, (await this.#deps.key.open(posted[`${name}.sealed`] ?? '')) ?? ''] as const
			)
		);
		return { ...posted, ...Object.fromEntries(opened) };
	}

	async #buildReview(
		{ fields }: SettingsGroup,
		{ changes, isConflict }: Proposal,
		version: string,
		posted: PostedSettings
	): Promise<SettingsReview> {
		const secrets = fields.filter(({ kind, name }) => kind === 'secret' && posted[name]);
		const sealed = await Promise.all(
			secrets.map(async ({ name }) => [name, await this.#deps.key.seal(posted[name] ?? '')] as const)
		);
		const hidden = new Set(secrets.map(({ name }) => name));
		const values = Object.entries(posted).filter(([name]) => !hidden.has(name));
		return { changes, isConflict, version, values: Object.fromEntries(values), sealed: Object.fromEntries(sealed) };
	}
}

const inLines = (part: JsonObject): string => JSON.stringify(part, null, 2);
const inField = (value: JsonValue): string | boolean =>
	typeof value === 'boolean' ? value : value === null ? '' : toText(value);
