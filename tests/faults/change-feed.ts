import type { Fault } from './fault.ts';

const cachedDocument = 'src/lib/server/platform/cached-document.ts';
const topics = 'src/lib/server/platform/database/change-topics.ts';
const feed = 'src/lib/server/platform/database/pg-notifications.ts';
const documentTests = ['tests/unit/database/cached-document.test.ts'];
const feedTests = ['tests/unit/database/pg-notifications.test.ts'];

export const changeFeedFaults: readonly Fault[] = [
	{
		title: 'a document that could not be read is not read again',
		file: cachedDocument,
		find: 'void this.follow()',
		replace: 'undefined',
		tests: documentTests
	},
	{
		title: 'each failed read of a document adds a timer',
		file: cachedDocument,
		after: 'this.#options.onFailure(error);',
		find: 'clearTimeout(this.#retry)',
		replace: 'undefined',
		tests: documentTests
	},
	{
		title: 'a document is read again after it was stopped',
		file: cachedDocument,
		after: 'this.#options.onFailure(error);',
		find: 'this.#isStopped',
		replace: 'false',
		tests: documentTests
	},
	{
		title: 'stopping a document leaves its timer',
		file: cachedDocument,
		after: 'this.#isStopped = true;',
		find: 'clearTimeout(this.#retry)',
		replace: 'undefined',
		tests: documentTests
	},
	{
		title: 'catching up waits for no handler',
		file: topics,
		find: 'this.#track(handle?.(...change))',
		replace: 'handle?.(...change)',
		tests: feedTests
	},
	{
		title: 'no missed change is reported',
		file: topics,
		find: 'this.#report(topic, readings[topic].missed)',
		replace: 'undefined',
		tests: feedTests
	},
	{
		title: 'a reread of the documents forgets all users',
		file: topics,
		find: 'this.miss(documents)',
		replace: 'this.miss()',
		tests: feedTests
	},
	{
		title: 'an empty notification reports a user',
		file: topics,
		find: "payload === ''",
		replace: 'false',
		tests: feedTests
	},
	{
		title: 'catching up does not wait for the notifications',
		file: feed,
		after: 'coalesced(async () => {',
		find: 'await this.#roundTrip()',
		replace: 'undefined',
		tests: feedTests
	},
	{
		title: 'catching up ends before the handlers',
		file: feed,
		find: 'await this.#handlers.finished()',
		replace: 'undefined',
		tests: feedTests
	},
	{
		title: 'catching up waits for handlers while no notification can arrive',
		file: feed,
		after: 'coalesced(async () => {',
		find: 'this.#link',
		replace: 'true',
		tests: feedTests
	}
];
