import type { Pool } from 'pg';
import type { RateLimitRepository, TryCount } from '../repositories/rate-limit.repository.ts';
import { Attempts } from './attempts.ts';
import { networkOf, type Network } from './network.ts';
import { hashSecret } from './tokens.ts';

const periodSeconds = 15 * 60;
/** Wrong passwords for one e-mail from one network. */
const pairLimit = { name: 'sign-in', attempts: 20, periodSeconds };
/** Wrong passwords from one network, whatever e-mails they are for. */
const networkLimit = { name: 'sign-in-from', attempts: 200, periodSeconds };
/** How many networks an administrator is shown. */
const maxShown = 20;

/** What is known before a password is compared. */
export interface SignInTry {
	readonly email: string;
	readonly address: string;
	/** Whether a right password leads in. Where none does, a limit on everybody locks nobody out. */
	readonly canSucceed: boolean;
}

/** Where somebody cannot try any more, and until when. */
export interface SignInLimit {
	readonly network: string;
	readonly endsAt: Date;
}

/**
 * Counts refused sign-ins, per e-mail and network together and per network of the internet, for all instances together.
 * Nobody is locked out by what somebody elsewhere does (ASVS 6.1.1). Why so: docs/decisions/017.
 */
export class SignInAttempts {
	readonly #repository: RateLimitRepository;
	readonly #pairs: Attempts;
	readonly #networks: Attempts;

	constructor(pool: Pool, repository: RateLimitRepository) {
		this.#repository = repository;
		this.#pairs = new Attempts(pool, pairLimit);
		this.#networks = new Attempts(pool, networkLimit);
	}

	/** Tells how long to wait before a password is compared; 0 for not at all. */
	async waitSeconds(attempt: SignInTry): Promise<number> {
		return waitSecondsOf(await this.#countsThatMatter(attempt));
	}

	/** Counts a refused one, for a known and an unknown e-mail alike; tells which limit it reaches, or that it is past one. */
	async countRefused(attempt: SignInTry): Promise<'within' | 'last of pair' | 'last of network' | 'beyond'> {
		const network = networkOf(attempt.address);
		const [ofPair, ofNetwork] = await Promise.all([
			this.#pairs.add(pairOf(attempt.email, network)),
			this.#networks.add(network.name)
		]);
		const isNetworkLimited = isLimitedAsAWhole(network, attempt);
		if (ofPair > pairLimit.attempts || (isNetworkLimited && ofNetwork > networkLimit.attempts)) return 'beyond';
		if (ofPair === pairLimit.attempts) return 'last of pair';
		return isNetworkLimited && ofNetwork === networkLimit.attempts ? 'last of network' : 'within';
	}

	/**
	 * Settles a right password: tells how long to wait where so many wrong ones were sent at the same moment that a limit
	 * has been reached meanwhile, else forgets the wrong ones of this e-mail and network, and gives 0.
	 */
	async settle(attempt: SignInTry): Promise<number> {
		const counts = await this.#countsThatMatter(attempt);
		const seconds = waitSecondsOf(counts);
		const pair = pairOf(attempt.email, networkOf(attempt.address));
		if (seconds === 0 && counts.some(({ key }) => key === keyOf(pairLimit, pair))) await this.#pairs.forget([pair]);
		return seconds;
	}

	/** Lists where an e-mail cannot be tried any more, by its own limit or by the network’s. */
	async list(email: string, repository = this.#repository): Promise<SignInLimit[]> {
		const prefix = keyOf(pairLimit, pairPrefix(email));
		const pairs = await repository.listByPrefix(prefix, maxShown);
		const named = pairs.map((pair) => ({ ...pair, network: pair.key.slice(prefix.length) }));
		const ofNetworks = await repository.find(named.map(({ network }) => keyOf(networkLimit, network)));
		return named.flatMap(({ network, ...pair }) => {
			const isPublic = networkOf(network.replace(/\/\d+$/, '')).isPublic;
			const ofNetwork = isPublic ? ofNetworks.filter(({ key }) => key === keyOf(networkLimit, network)) : [];
			const ends = [pair, ...ofNetwork].filter(isUsedUp).map(({ endsAt }) => endsAt.getTime());
			return ends.length === 0 ? [] : [{ network, endsAt: new Date(Math.max(...ends)) }];
		});
	}

	/** Lets an e-mail be tried again wherever it cannot be. */
	async forgetAll(email: string, repository: RateLimitRepository): Promise<void> {
		const limits = await this.list(email, repository);
		const keys = limits.map(({ network }) => keyOf(networkLimit, network));
		await repository.remove({ keys, prefix: keyOf(pairLimit, pairPrefix(email)) });
	}

	async #countsThatMatter(attempt: SignInTry): Promise<TryCount[]> {
		const network = networkOf(attempt.address);
		const keys = [keyOf(pairLimit, pairOf(attempt.email, network))];
		if (isLimitedAsAWhole(network, attempt)) keys.push(keyOf(networkLimit, network.name));
		return this.#repository.find(keys);
	}
}

const isLimitedAsAWhole = ({ isPublic }: Network, { canSucceed }: SignInTry): boolean => isPublic || !canSucceed;

const keyOf = ({ name }: { readonly name: string }, counted: string): string => `${name}:${counted}`;

/** The e-mail as a hash: it may be nobody’s, and be as long as the column. */
const pairPrefix = (email: string): string => `${Buffer.from(hashSecret(email)).toString('hex')}@`;
const pairOf = (email: string, { name }: Network): string => pairPrefix(email) + name;

const isUsedUp = ({ key, count }: TryCount): boolean =>
	count >= (key.startsWith(`${networkLimit.name}:`) ? networkLimit : pairLimit).attempts;

function waitSecondsOf(counts: readonly TryCount[]): number {
	const ends = counts.filter(isUsedUp).map(({ endsAt }) => endsAt.getTime() - Date.now());
	return Math.max(0, ...ends.map((leftMs) => Math.max(1, Math.ceil(leftMs / 1_000))));
}
