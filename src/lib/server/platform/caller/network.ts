import ipaddr from 'ipaddr.js';

/** The network of a request, as far as it can be distinguished from others. */
export interface Network {
	/** An IPv4 address, or the first 64 bits of an IPv6 address, which belong to one internet connection. */
	readonly name: string;
	/** Whether it is on the internet. Any other address may be a proxy through which everyone connects. */
	readonly isPublic: boolean;
	/** The larger IPv6 blocks a subscriber may hold, /56 and /48; empty for IPv4. */
	readonly blocks: readonly NetworkBlock[];
}

export interface NetworkBlock {
	readonly name: string;
	readonly bits: 56 | 48;
}

const innerRanges: readonly string[] = [
	'unspecified',
	'loopback',
	'private',
	'linkLocal',
	'uniqueLocal',
	'carrierGradeNat'
];
const networkBits = 64;
const blockBits = [56, 48] as const;
/** Translators embed whole IPv4 addresses in the last bits of this range (RFC 6052 §2.1). */
const translatedRange = 'rfc6052';

/** Returns the network of an address. Invalid addresses, which a proxy may send, all count as one network. */
export function toNetwork(address: string): Network {
	const [unzoned = ''] = address.split('%');
	if (!ipaddr.isValid(unzoned)) return { name: 'unknown', isPublic: false, blocks: [] };
	const parsed = ipaddr.process(unzoned);
	const range: string = parsed.range();
	// Both loopback addresses count as one network.
	if (range === 'loopback') return { name: '127.0.0.1', isPublic: false, blocks: [] };
	const isPublic = !innerRanges.includes(range);
	const isWhole = parsed.kind() === 'ipv4' || range === translatedRange;
	if (isWhole) return { name: parsed.toString(), isPublic, blocks: [] };
	const cutTo = (bits: number) =>
		`${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${bits}`).toString()}/${bits}`;
	const blocks = blockBits.map((bits) => ({ name: cutTo(bits), bits }));
	return { name: cutTo(networkBits), isPublic, blocks };
}
