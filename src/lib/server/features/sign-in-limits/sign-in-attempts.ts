import { canonicalEmail } from '#lib/contract/email.ts';
import type { RateLimitRepository, TryCount } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';
import type { SignInOriginRepository } from './sign-in-origin.repository.ts';
import { toNetwork, type Network } from '#lib/server/platform/caller/network.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';

interface Limit {
	readonly attempts: number;
	/** Starts with the first attempt. */
	readonly periodSeconds: number;
}

const quarterOfAnHour = 15 * 60;
const perQuarterHour = (attempts: number): Limit => ({ attempts, periodSeconds: quarterOfAnHour });

/** Wrong passwords for one email from one network, or from an IPv6 block that contains it. */
const pairLimits = { whole: perQuarterHour(20), 56: perQuarterHour(30), 48: perQuarterHour(40) };
/** Wrong passwords from one network or block, for any emails. */
const networkLimits = { whole: perQuarterHour(200), 56: perQuarterHour(300), 48: perQuarterHour(400) };
/** Wrong passwords for one email from anywhere: forwarded addresses are easy to vary, and so are real ones. */
const userLimit: Limit = { attempts: 40, periodSeconds: 60 * 60 };

const pairPrefix = 'sign-in';
const networkPrefix = 'sign-in-from';
const userPrefix = 'sign-in-account';
/** What admins see when a limit of the user is reached. */
const shownAs = {
	unknown: 'all unknown networks',
	networks: 'all known networks',
	browsers: 'all known browsers'
} as const;
/** The number of networks shown to an admin. */
const maxShown = 20;

/** What is known before the password is compared. */
export interface SignInAttempt {
	readonly email: string;
	readonly address: string;
	/** The secret cookie of a browser that has signed in before; null if there is none. */
	readonly browser: string | null;
	/** Whether a right password would be accepted. If not, a limit for everyone locks no one out. */
	readonly canSucceed: boolean;
}

/** A network where sign-in is blocked, and until when. */
export interface SignInLimit {
	readonly network: string;
	readonly endsAt: Date;
}

/** A counter and its limit. */
interface Counter {
	readonly key: string;
	readonly limit: Limit;
	readonly kind: 'pair' | 'network' | 'user';
}

/** Counters whose sum is limited. */
interface JointLimit {
	readonly keys: readonly string[];
	readonly limit: Limit;
}

/** The counters an attempt adds to, and those that limit it: its own, and the joint one of a known device or network. */
interface Counters {
	readonly all: readonly Counter[];
	readonly own: readonly Counter[];
	readonly joint: JointLimit | null;
}

export type LimitReached = 'within' | 'last of pair' | 'last of network' | 'last of user' | 'beyond';

/**
 * Counts refused sign-ins across all instances: per email and network, per network, and per email. The networks that the
 * user has signed in from share one limit, and so do the browsers, so that guesses from elsewhere don't lock the user out
 * (ASVS 6.1.1, 6.3.1). Why: docs/decisions/017 and 026.
 */
export class SignInAttempts {
	readonly #counts: RateLimitRepository;
	readonly #origins: SignInOriginRepository;

	constructor(counts: RateLimitRepository, origins: SignInOriginRepository) {
		this.#counts = counts;
		this.#origins = origins;
	}

	/** Returns the seconds to wait before a password is compared; 0 for none. */
	async waitSeconds(attempt: SignInAttempt): Promise<number> {
		const { all, own, joint } = await this.#findCounters(attempt);
		const counts = await this.#counts.find([...new Set([...all.map(({ key }) => key), ...(joint?.keys ?? [])])]);
		const limits = own.map(({ key, limit }): JointLimit => ({ keys: [key], limit }));
		return Math.max(0, ...(joint ? [...limits, joint] : limits).map((one) => getWaitSeconds(one, counts)));
	}

	/** Counts a refused attempt, for known and unknown emails alike; returns which limit it reaches, or that it is beyond one. */
	async countRefused(attempt: SignInAttempt): Promise<LimitReached> {
		const { all, own, joint } = await this.#findCounters(attempt);
		const counted = all.map(({ key, limit }) => ({ key, periodSeconds: limit.periodSeconds }));
		const points = new Map((await this.#counts.add(counted)).map(({ key, count }) => [key, count]));
		const getPoints = ({ key }: Counter): number => points.get(key) ?? 0;
		// Read after the write, so that each of several concurrent attempts sees those before it.
		const sum = joint ? sumCounts(joint, await this.#counts.find(joint.keys)) : 0;
		if (joint && sum > joint.limit.attempts) return 'beyond';
		if (own.some((counter) => getPoints(counter) > counter.limit.attempts)) return 'beyond';
		const last = all.find((counter) => isEnforced(counter, attempt) && getPoints(counter) === counter.limit.attempts);
		if (last) return `last of ${last.kind}`;
		return joint && sum === joint.limit.attempts ? 'last of user' : 'within';
	}

	/**
	 * Called after a right password: returns the seconds to wait if concurrent wrong passwords have reached a limit
	 * meanwhile; otherwise clears the wrong ones of this email and network and returns 0.
	 */
	async clearUnlessLimited(attempt: SignInAttempt): Promise<number> {
		const seconds = await this.waitSeconds(attempt);
		if (seconds > 0) return seconds;
		const network = toNetwork(attempt.address);
		const browser = attempt.browser === null ? [] : [pairKey(attempt.email, browserKey(attempt.browser))];
		await this.#counts.remove({ keys: [pairKey(attempt.email, network.name), ...browser] });
		return 0;
	}

	/** Records where a user has just signed in from. */
	async remember(userId: string, { address, browser }: Pick<SignInAttempt, 'address' | 'browser'>): Promise<void> {
		await this.#origins.remember(userId, originKeys(toNetwork(address), browser));
	}

	/** Lists the networks where sign-in is blocked for an email, by its own limits or the network's. */
	async list(email: string): Promise<SignInLimit[]> {
		const [byNetwork, ofUser, known] = await Promise.all([
			this.#limitedNetworks(email, this.#counts),
			this.#counts.find([userKey(email)]),
			this.#origins.listKnown(email)
		]);
		const networks = toJointLimit(email, known, 'networks');
		const browsers = toJointLimit(email, known, 'browsers');
		const counts = await this.#counts.find([...networks.keys, ...browsers.keys]);
		const limitedUntil = (network: string, joint: JointLimit, found: readonly TryCount[]): SignInLimit[] => {
			const seconds = getWaitSeconds(joint, found);
			return seconds === 0 ? [] : [{ network, endsAt: new Date(Date.now() + seconds * 1_000) }];
		};
		return [
			...byNetwork,
			// A single one is already listed as a network.
			...(networks.keys.length > 1 ? limitedUntil(shownAs.networks, networks, counts) : []),
			...limitedUntil(shownAs.browsers, browsers, counts),
			...limitedUntil(shownAs.unknown, { keys: [userKey(email)], limit: userLimit }, ofUser)
		];
	}

	/** Returns the emails for which sign-in is blocked from one of these addresses, or from unknown networks. */
	async filterLimited(refused: readonly Pick<SignInAttempt, 'email' | 'address'>[]): Promise<string[]> {
		const counters = refused.flatMap(({ email, address }) =>
			[pairCounter(email, toNetwork(address).name), userCounter(email)].map((counter) => ({ email, ...counter }))
		);
		const counts = await this.#counts.find([...new Set(counters.map(({ key }) => key))]);
		const limited = counters.filter(({ key, limit }) => getWaitSeconds({ keys: [key], limit }, counts) > 0);
		return [...new Set(limited.map(({ email }) => email))];
	}

	/** Resets all limits that block an email. */
	async forgetAll(email: string, counts: RateLimitRepository): Promise<void> {
		const limits = await this.#limitedNetworks(email, counts);
		const keys = [userKey(email), ...limits.map(({ network }) => networkKey(network))];
		await counts.remove({ keys, prefix: pairKey(email, '') });
	}

	async #limitedNetworks(email: string, counts: RateLimitRepository): Promise<SignInLimit[]> {
		const prefix = pairKey(email, '');
		const pairs = await counts.listByPrefix(prefix, maxShown);
		const named = pairs
			.map((pair) => ({ ...pair, network: pair.key.slice(prefix.length) }))
			.filter(({ network }) => !network.startsWith(browserPrefix));
		const others = await counts.find(named.map(({ network }) => networkKey(network)));
		return named.flatMap(({ network, count, endsAt }) => {
			const ends = count >= limitFor(pairLimits, network).attempts ? [endsAt.getTime()] : [];
			const ofNetwork = others.find(({ key }) => key === networkKey(network));
			const isShut = ofNetwork !== undefined && ofNetwork.count >= limitFor(networkLimits, network).attempts;
			if (isShut && toNetwork(network.replace(/\/\d+$/, '')).isPublic) ends.push(ofNetwork.endsAt.getTime());
			return ends.length === 0 ? [] : [{ network, endsAt: new Date(Math.max(...ends)) }];
		});
	}

	/** Finds the counters an attempt adds to, and those that limit it. */
	async #findCounters(attempt: SignInAttempt): Promise<Counters> {
		const { email } = attempt;
		const network = toNetwork(attempt.address);
		const all = countersFor(attempt, network);
		const known = await this.#origins.listKnown(email);
		// A browser's secret can't be guessed, so a known browser has a limit of its own on any network.
		if (attempt.browser !== null && known.includes(browserKey(attempt.browser))) {
			const counter = pairCounter(email, browserKey(attempt.browser));
			return { all: [counter, ...all], own: [counter], joint: toJointLimit(email, known, 'browsers') };
		}
		const isKnown = known.includes(knownNetworkKey(network));
		const exact = [pairKey(email, network.name), networkKey(network.name)];
		const applied = isKnown ? all.filter(({ key }) => exact.includes(key)) : all;
		const own = applied.filter((counter) => isEnforced(counter, attempt));
		return { all, own, joint: isKnown ? toJointLimit(email, known, 'networks') : null };
	}
}

const browserPrefix = 'browser:';
const browserKey = (secret: string): string => browserPrefix + Buffer.from(hashSecret(secret)).toString('hex');
const knownNetworkPrefix = 'network:';
const knownNetworkKey = ({ name }: Network): string => `${knownNetworkPrefix}${name}`;
const originKeys = (network: Network, browser: string | null): string[] => [
	knownNetworkKey(network),
	...(browser === null ? [] : [browserKey(browser)])
];

/** The hash of the canonical email: it may belong to no user, and be as long as the column. */
const hashEmail = (email: string): string => Buffer.from(hashSecret(canonicalEmail(email))).toString('hex');
const pairKey = (email: string, network: string): string => `${pairPrefix}:${hashEmail(email)}@${network}`;
const userKey = (email: string): string => `${userPrefix}:${hashEmail(email)}`;
const networkKey = (network: string): string => `${networkPrefix}:${network}`;

/** The limit by the network's name: for a block or a single network. */
function limitFor(limits: typeof pairLimits, network: string): Limit {
	if (network.endsWith('/56')) return limits[56];
	return network.endsWith('/48') ? limits[48] : limits.whole;
}

const pairCounter = (email: string, network: string): Counter => ({
	key: pairKey(email, network),
	limit: limitFor(pairLimits, network),
	kind: 'pair'
});

const userCounter = (email: string): Counter => ({ key: userKey(email), limit: userLimit, kind: 'user' });

/** The shared limit of all networks, or all browsers, that the user has signed in from. */
function toJointLimit(email: string, known: readonly string[], kind: 'networks' | 'browsers'): JointLimit {
	const places =
		kind === 'browsers'
			? known.filter((key) => key.startsWith(browserPrefix))
			: known.filter((key) => key.startsWith(knownNetworkPrefix)).map((key) => key.slice(knownNetworkPrefix.length));
	return { keys: places.map((place) => pairKey(email, place)), limit: pairLimits.whole };
}

function countersFor({ email }: SignInAttempt, { name, blocks }: Network): Counter[] {
	const names = [name, ...blocks.map((block) => block.name)];
	return [
		...names.map((network) => pairCounter(email, network)),
		...names.map((network): Counter => ({
			key: networkKey(network),
			limit: limitFor(networkLimits, network),
			kind: 'network'
		})),
		userCounter(email)
	];
}

/** A private address may be a proxy's, so its network is limited only if no one can sign in anyway. */
const isEnforced = ({ kind }: Counter, { address, canSucceed }: SignInAttempt): boolean =>
	kind !== 'network' || !canSucceed || toNetwork(address).isPublic;

const secondsUntil = (moment: Date): number => Math.max(1, Math.ceil((moment.getTime() - Date.now()) / 1_000));

/** The counts under this limit. One that ends later than possible was counted before the clock was set back. */
const filterCounts = ({ keys, limit }: JointLimit, counts: readonly TryCount[]): TryCount[] =>
	counts.filter(({ key, endsAt }) => keys.includes(key) && secondsUntil(endsAt) <= limit.periodSeconds);

const sumCounts = (joint: JointLimit, counts: readonly TryCount[]): number =>
	filterCounts(joint, counts).reduce((sum, { count }) => sum + count, 0);

const byEnd = (one: TryCount, other: TryCount): number => one.endsAt.getTime() - other.endsAt.getTime();

/** Seconds until enough counts have expired for the sum to be within the limit; 0 if it already is. */
function getWaitSeconds(joint: JointLimit, counts: readonly TryCount[]): number {
	let left = sumCounts(joint, counts);
	let seconds = 0;
	for (const { count, endsAt } of filterCounts(joint, counts).sort(byEnd)) {
		if (left < joint.limit.attempts) break;
		left -= count;
		seconds = secondsUntil(endsAt);
	}
	return seconds;
}
