import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNetwork } from '#lib/server/platform/caller/network.ts';

describe('toNetwork', () => {
	it.each([
		['203.0.113.7', '203.0.113.7', true],
		['::ffff:203.0.113.7', '203.0.113.7', true],
		['::FFFF:cb00:7107', '203.0.113.7', true],
		['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', true],
		['64:ff9b::203.0.113.7', '64:ff9b::cb00:7107', true],
		['127.0.0.1', '127.0.0.1', false],
		['127.8.8.8', '127.0.0.1', false],
		['::1', '127.0.0.1', false],
		['10.0.0.1', '10.0.0.1', false],
		['172.16.0.1', '172.16.0.1', false],
		['192.168.1.1', '192.168.1.1', false],
		['169.254.1.1', '169.254.1.1', false],
		['100.64.0.1', '100.64.0.1', false],
		['fd12:3456::1', 'fd12:3456::/64', false],
		['fe80::1%eth0', 'fe80::/64', false],
		['', 'unknown', false],
		['unknown', 'unknown', false],
		['_hidden', 'unknown', false]
	])('%s is in %s', (address, name, isPublic) => {
		expect(toNetwork(address)).toMatchObject({ name, isPublic });
	});

	it.each([
		['2001:db8:1:2ff:3::6', ['2001:db8:1:200::/56', '2001:db8:1::/48']],
		['fd12:3456:789a:bcde::1', ['fd12:3456:789a:bc00::/56', 'fd12:3456:789a::/48']],
		['203.0.113.7', []],
		['::ffff:203.0.113.7', []],
		['64:ff9b::203.0.113.7', []],
		['::1', []],
		['unknown', []]
	])('%s is in the blocks %j', (address, blocks) => {
		expect(toNetwork(address).blocks.map(({ name }) => name)).toEqual(blocks);
	});

	it('returns a short name for anything a proxy can send', () => {
		fc.assert(fc.property(fc.string(), (address) => toNetwork(address).name.length <= 50));
	});
});
