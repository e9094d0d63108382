import fc from 'fast-check';
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientAddress, readAddress } from '../../../bin/request-source.ts';

describe('readAddress', () => {
	it.each([
		['198.51.100.66', '198.51.100.66'],
		['198.51.100.66:5000', '198.51.100.66'],
		[' 198.51.100.66 ', '198.51.100.66'],
		['"198.51.100.66:5000"', '198.51.100.66'],
		['"198.51.100.66"', '198.51.100.66'],
		['"198.51.100.66":80', '198.51.100.66'],
		['"[2001:db8::1]":443', '2001:db8::1'],
		['for="198.51.100.66":80;by=10.0.0.2', '198.51.100.66'],
		['2001:db8::1', '2001:db8::1'],
		['2001:DB8:0:0::1', '2001:db8::1'],
		['[2001:db8::1]', '2001:db8::1'],
		['[2001:db8::1]:443', '2001:db8::1'],
		['"[2001:db8::1]:443"', '2001:db8::1'],
		['" [2001:db8::1]:443 "', '2001:db8::1'],
		['198.51.100.66:', '198.51.100.66'],
		['198.51.100.66:_http', '198.51.100.66'],
		['for=198.51.100.66', '198.51.100.66'],
		['For="[2001:db8::1]:4711"; proto=https', '2001:db8::1'],
		['fe80::1%eth0', 'fe80::1'],
		['[fe80::1%25eth0]:80', 'fe80::1'],
		['::ffff:198.51.100.66', '198.51.100.66'],
		['[::ffff:198.51.100.66]:80', '198.51.100.66'],
		['::ffff:198.51.100.66:5000', '198.51.100.66'],
		['::FFFF:198.51.100.66:5000', '198.51.100.66'],
		['::ffff:c633:6442', '198.51.100.66']
	])('reads %s as %s', (entry, address) => {
		expect(readAddress(entry)).toBe(address);
	});

	it.each([
		'',
		'""',
		'unknown',
		'_hidden',
		'198.51.100',
		'198.51.100.666',
		'198.51.100.66:80:90',
		'0x7f.1',
		'010.0.0.1',
		'[198.51.100.66',
		'[]:80',
		'[[::1]]',
		'localhost',
		'for=',
		'for=unknown',
		'x'.repeat(10_000),
		'['.repeat(10_000)
	])('returns null for %j', (entry) => {
		expect(readAddress(entry)).toBeNull();
	});
});

describe('clientAddress', () => {
	const trusted = new Set(['127.0.0.1', '10.0.0.2', '2001:db8::2']);
	const find = (forwardedFor: string, peer = '127.0.0.1') =>
		clientAddress(peer, forwardedFor, (address) => trusted.has(address));

	it.each([
		['', '127.0.0.1'],
		['198.51.100.66:5000', '198.51.100.66'],
		['192.0.2.1, 198.51.100.66:5000', '198.51.100.66'],
		['198.51.100.66:5000, 10.0.0.2:80', '198.51.100.66'],
		['198.51.100.66, "[2001:db8::2]:443"', '198.51.100.66'],
		['198.51.100.66, , ,', '198.51.100.66'],
		[',,,', '127.0.0.1'],
		['garbage', '127.0.0.1'],
		['198.51.100.66, unknown', '127.0.0.1'],
		['unknown, 198.51.100.66', '198.51.100.66'],
		['198.51.100.66, unknown, 10.0.0.2', '10.0.0.2'],
		['10.0.0.2', '10.0.0.2']
	])('reads %j as %s', (forwardedFor, address) => {
		expect(find(forwardedFor)).toBe(address);
	});

	it('ignores the header of an untrusted peer', () => {
		expect(find('198.51.100.66', '203.0.113.5')).toBe('203.0.113.5');
		expect(find('198.51.100.66', '::ffff:203.0.113.5')).toBe('203.0.113.5');
	});

	it('follows at most 32 proxies', () => {
		expect(find(`198.51.100.66${', 10.0.0.2'.repeat(31)}`)).toBe('198.51.100.66');
		expect(find(`198.51.100.66${', 10.0.0.2'.repeat(32)}`)).toBe('10.0.0.2');
	});

	it('always returns an address, whatever a client sends', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (forwardedFor) => {
				expect(isIP(find(forwardedFor))).not.toBe(0);
			})
		);
	});
});

describe('an entry of more than 100 characters', () => {
	it.each(['192.0.2.1;', '[2001:db8::1]:', '2001:db8::1%'])(
		'is not an address, whatever it starts with: %s',
		(start) => {
			expect(readAddress(start.padEnd(100, '1'))).not.toBeNull();
			expect(readAddress(start.padEnd(101, '1'))).toBeNull();
		}
	);
});
