import { dayMs } from '#lib/contract/day.ts';
import {
	FirstStepsDto,
	namedUsers,
	type Overview,
	signInDays,
	type FirstSteps
} from '#lib/contract/overview/overview.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { SignInAttempts } from '#lib/server/features/sign-in-limits/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { DayCount } from './overview.repository.ts';
import type { OverviewStore } from './repositories.ts';

/** Failed sign-ins that are looked at for users who are locked out. */
const inspectedRefusals = 500;

/** What admins see first: counts of users, sign-ins, sessions and storage, and the first steps of a new server. */
export class OverviewService {
	readonly #store: OverviewStore;
	readonly #attempts: SignInAttempts;

	constructor(store: OverviewStore, attempts: SignInAttempts) {
		this.#store = store;
		this.#attempts = attempts;
	}

	async get(): Promise<Overview> {
		const { overview } = this.#store;
		const [{ used, ...users }, passwords, seen, signIns, failed, sessions, fullest, lockedOut] = await Promise.all([
			overview.countUsers(),
			overview.countPasswords(),
			overview.countSeen(),
			overview.countSignIns(signInDays - 1),
			overview.countFailedSignIns(signInDays - 1),
			overview.countSessions(),
			overview.listFullest(namedUsers),
			this.#listLockedOut()
		]);
		return {
			// The counts come from several statements, between which users can change.
			users: { ...users, ...passwords, neverSignedIn: Math.max(0, users.total - seen), lockedOut },
			signIns: listDays(signIns, failed, new Date()),
			sessions,
			storage: { used, fullest }
		};
	}

	async #listLockedOut(): Promise<Overview['users']['lockedOut']> {
		const refused = await this.#store.overview.listRefused(inspectedRefusals);
		const limited = new Set(await this.#attempts.filterLimited(refused));
		const users = new Map(refused.map(({ id, name, email }) => [id, { id, name, email }]));
		return [...users.values()].filter(({ email }) => limited.has(email)).slice(0, namedUsers);
	}

	async firstSteps(): Promise<FirstSteps> {
		const stored = FirstStepsDto.safeParse(await this.#store.metadata.getOwn('first-steps'));
		return stored.data ?? { isDismissed: false, isBackupPlanned: false };
	}

	async setFirstSteps(auth: Auth, steps: FirstSteps): Promise<FirstSteps> {
		await this.#store.transaction(async (repositories) => {
			const { metadata, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			await metadata.setOwn('first-steps', steps);
			await audit.record(buildAuditEntry(auth, { action: 'overview.firstSteps', subject: null }));
		});
		return steps;
	}
}

/** Lists the last days, oldest first, with those without a sign-in. */
function listDays(all: readonly DayCount[], failed: readonly DayCount[], now: Date): Overview['signIns'] {
	const [counted, refused] = [all, failed].map((rows) => new Map(rows.map(({ day, count }) => [day, count])));
	return Array.from({ length: signInDays }, (_, index) => {
		const day = new Date(now.getTime() - (signInDays - 1 - index) * dayMs).toISOString().slice(0, 10);
		const failures = refused?.get(day) ?? 0;
		// The counts come from two statements.
		return { day, done: Math.max(0, (counted?.get(day) ?? 0) - failures), failed: failures };
	});
}
