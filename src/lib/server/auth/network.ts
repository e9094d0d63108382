import ipaddr from 'ipaddr.js';

/** From where somebody comes, as far as it can be told apart from others. */
export interface Network {
	/** An IPv4 address, or the 64 bits of an IPv6 address that one connection to the internet has for itself. */
	readonly name: string;
	/** Whether it is on the internet. Any other may be a proxy’s, and stand for everybody. */
	readonly isPublic: boolean;
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
/** Here a translator writes whole IPv4 addresses into the last bits (RFC 6052 §2.1). */
const translatedRange = 'rfc6052';

/** Tells which network an address belongs to; what is no address, as a proxy may send it, is a network of its own. */
export function networkOf(address: string): Network {
	const [unzoned = ''] = address.split('%');
	if (!ipaddr.isValid(unzoned)) return { name: 'unknown', isPublic: false };
	const parsed = ipaddr.process(unzoned);
	const range: string = parsed.range();
	// The two addresses of this machine are one place.
	if (range === 'loopback') return { name: '127.0.0.1', isPublic: false };
	const isWhole = parsed.kind() === 'ipv4' || range === translatedRange;
	const name = isWhole
		? parsed.toString()
		: `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${networkBits}`).toString()}/${networkBits}`;
	return { name, isPublic: !innerRanges.includes(range) };
}
