import fc from 'fast-check';
import { describe as about, expect, it } from 'vitest';
import { Role } from '#lib/contract/roles.ts';
import { describe, groupsOf, keyOf, rolesFor } from '#lib/identity/claims.ts';
import { mayConnectPrivately } from '#lib/identity/door.ts';

const reading = { groupsClaim: 'groups', trustedFactors: ['mfa', 'urn:loa:2'] };
const read = (idToken: object, userinfo: object = {}) =>
  describe({ sub: 'one', ...idToken }, { ...userinfo }, reading, new Date(1_800_000_000_000));

about('an address', () => {
  it.each([
    [{ email: 'A@Corp.test', email_verified: true }, {}, 'a@corp.test', true],
    [{ email: 'a@corp.test' }, {}, 'a@corp.test', false],
    [{ email: 'a@corp.test', email_verified: 'true' }, {}, 'a@corp.test', false],
    [{ email: 'a@corp.test', email_verified: 1 }, {}, 'a@corp.test', false],
    [{}, { email: 'a@corp.test', email_verified: true }, 'a@corp.test', true],
    // One place's word about another's address is none.
    [{ email: 'a@corp.test' }, { email: 'b@corp.test', email_verified: true }, 'a@corp.test', false],
    [{ email_verified: true }, { email: 'b@corp.test' }, 'b@corp.test', false],
    [{ email: 'no address', email_verified: true }, {}, null, true],
    [{ email: ['a@corp.test'], email_verified: true }, {}, null, true],
    [{ email_verified: true }, {}, null, false],
  ])('%j, %j', (idToken, userinfo, email, emailVerified) => {
    expect(read(idToken, userinfo)).toMatchObject({ email, emailVerified });
  });
});

about('groups', () => {
  it.each([
    [{ groups: ['a', 'b', 'a'] }, 'groups', ['a', 'b']],
    [{ groups: 'a b' }, 'groups', ['a b']],
    [{ groups: ['a', 1, null, ['b'], ''] }, 'groups', ['a']],
    [{ realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
    [{ 'https://corp.test/groups': ['a'] }, 'https://corp.test/groups', ['a']],
    [{ 'a.b': ['exact'], a: { b: ['along'] } }, 'a.b', ['exact']],
    [{}, 'groups', []],
    [{ a: null }, 'a.b', []],
    [{}, '__proto__', []],
    [{}, 'constructor.name', []],
    [{ groups: { a: true } }, 'groups', []],
  ])('%j by %s', (claims, claim, groups) => {
    expect(groupsOf(claims, claim)).toEqual(groups);
  });
});

about('what it says of the sign-in', () => {
  it('counts when it is believed, and is never later than now', () => {
    expect(read({ amr: ['pwd', 'mfa'] }).factor).toBe(true);
    expect(read({ acr: 'urn:loa:2' }).factor).toBe(true);
    expect(read({ amr: ['pwd', 'otp'], acr: '0' }).factor).toBe(false);
    expect(read({ amr: 'mfa mfa' }).factor).toBe(false);
    // Only the token is signed by what was asked for this sign-in.
    expect(read({}, { amr: ['mfa'], auth_time: 1_700_000_000 })).toMatchObject({ factor: false, provedAt: null });
    expect(read({ auth_time: 1_700_000_000 }).provedAt).toEqual(new Date(1_700_000_000_000));
    expect(read({ auth_time: 9_000_000_000 }).provedAt).toEqual(new Date(1_800_000_000_000));
    for (const auth_time of ['1700000000', -1, Number.NaN, null]) expect(read({ auth_time }).provedAt).toBeNull();
  });
});

about('roles', () => {
  const group = fc.constantFrom('a', 'b', 'c', 'd');
  const mapping = fc.record({
    group,
    role: fc.constantFrom(...Role.options),
    tenantId: fc.option(fc.constantFrom('one', 'two'), { nil: null }),
  });
  it('are those of the groups somebody is in, each once, and no other', () => {
    fc.assert(
      fc.property(fc.array(mapping), fc.array(group), (mappings, groups) => {
        const keys = rolesFor(mappings, groups).map(keyOf);
        expect(new Set(keys).size).toBe(keys.length);
        const due = mappings.filter((one) => groups.includes(one.group)).map(keyOf);
        expect(new Set(keys)).toEqual(new Set(due));
      }),
    );
  });
  it('are never more for who is in fewer groups', () => {
    fc.assert(
      fc.property(fc.array(mapping), fc.array(group), fc.array(group), (mappings, groups, more) => {
        const few = rolesFor(mappings, groups).map(keyOf);
        const many = rolesFor(mappings, [...groups, ...more]).map(keyOf);
        expect(few.filter((key) => !many.includes(key))).toEqual([]);
      }),
    );
  });
});

about('a provider that may be on a private network', () => {
  it.each([
    ['10.1.2.3', true],
    ['192.168.0.9', true],
    ['127.0.0.1', true],
    ['::1', true],
    ['fd12::1', true],
    ['1.1.1.1', true],
    ['169.254.169.254', false],
    ['fe80::1', false],
    ['fd00:ec2::254', false],
    ['fd20:ce::254', false],
    ['100.100.100.200', false],
    ['168.63.129.16', false],
    ['0.0.0.0', false],
    ['::', false],
    ['::ffff:169.254.169.254', false],
    ['64:ff9b::a9fe:a9fe', false],
    ['224.0.0.1', false],
    ['nothing', false],
  ])('is met at %s: %s', (address, may) => {
    expect(mayConnectPrivately(address)).toBe(may);
  });
});
