import ipaddr from 'ipaddr.js';

/** Where a request comes from, as far as it can be told apart from others. */
export interface Network {
	/** An IPv4 address, or the first 64 bits of an IPv6 address, which one connection to the internet has for itself. */
	readonly name: string;
	/** Whether it is on the internet. Any other address may be a proxy's and stand for everybody. */
	readonly isPublic: boolean;
	/** The larger blocks of IPv6 that one subscriber may hold, /56 and /48; none for IPv4. */
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
/** Here a translator writes whole IPv4 addresses into the last bits (RFC 6052 §2.1). */
const translatedRange = 'rfc6052';

/** Finds the network of an address. A proxy may send something that is no address: all of that is one network. */
export function networkOf(address: string): Network {
	const [unzoned = ''] = address.split('%');
	if (!ipaddr.isValid(unzoned)) return { name: 'unknown', isPublic: false, blocks: [] };
	const parsed = ipaddr.process(unzoned);
	const range: string = parsed.range();
	// The two addresses of this machine are one place.
	if (range === 'loopback') return { name: '127.0.0.1', isPublic: false, blocks: [] };
	const isPublic = !innerRanges.includes(range);
	const isWhole = parsed.kind() === 'ipv4' || range === translatedRange;
	if (isWhole) return { name: parsed.toString(), isPublic, blocks: [] };
	const cutTo = (bits: number) =>
		`${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${bits}`).toString()}/${bits}`;
	const blocks = blockBits.map((bits) => ({ name: cutTo(bits), bits }));
	return { name: cutTo(networkBits), isPublic, blocks };
}
