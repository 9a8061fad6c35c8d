<?php

/**
 * Berth provisioning module for WHMCS. How to install it: README.md beside `modules`. Every function may be called again: the panel does once what is asked
 * for by one service's number, which is the id of the service in WHMCS.
 *
 * https://developers.whmcs.com/provisioning-modules/
 */

use WHMCS\Database\Capsule;
use WHMCS\Service\Status;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

require_once __DIR__ . '/lib/Client.php';

/** So long a creation is waited for; it goes on by itself afterwards. */
const BERTH_CREATE_SECONDS = 30;
const BERTH_MIB = 1048576;

function berth_MetaData(): array
{
    return [
        'DisplayName' => 'Berth',
        'APIVersion' => '1.1',
        'RequiresServer' => true,
        'DefaultNonSSLPort' => '80',
        'DefaultSSLPort' => '443',
        'ServiceSingleSignOnLabel' => 'Open the panel',
        'ListAccountsUniqueIdentifierDisplayName' => 'Service',
        'ListAccountsUniqueIdentifierField' => 'username',
        'ListAccountsProductField' => 'configoption1',
    ];
}

function berth_ConfigOptions(): array
{
    return [
        'Plan' => ['Type' => 'text', 'Size' => '40', 'Loader' => 'berth_LoadPlans', 'SimpleMode' => true],
        'Template' => ['Type' => 'text', 'Size' => '40', 'Loader' => 'berth_LoadTemplates', 'SimpleMode' => true],
    ];
}

/** @return array<string, string> id to name, for the menu of plans */
function berth_LoadPlans(array $params): array
{
    $named = [];
    foreach ((new BerthClient($params))->ask('test')['plans'] as $plan) {
        $named[$plan['id']] = $plan['name'] . (empty($plan['price']) ? '' : ' (' . $plan['price'] . ')');
    }
    return $named;
}

/** @return array<string, string> */
function berth_LoadTemplates(array $params): array
{
    $named = [];
    foreach ((new BerthClient($params))->ask('test')['templates'] as $template) {
        $named[$template['id']] = $template['title'] . ' (' . $template['version'] . ')';
    }
    return $named;
}

function berth_TestConnection(array $params): array
{
    try {
        (new BerthClient($params))->ask('test');
        return ['success' => true, 'error' => ''];
    } catch (Throwable $error) {
        return ['success' => false, 'error' => $error->getMessage()];
    }
}

function berth_CreateAccount(array $params): string
{
    return berth_do($params, __FUNCTION__, static function (BerthClient $client) use ($params): void {
        $service = $client->askPatiently('create', berth_creation($params));
        $until = time() + BERTH_CREATE_SECONDS;
        while ($service['state'] === 'creating' && time() < $until) {
            usleep(500_000);
            $service = berth_find($client, $params) ?? $service;
        }
        if ($service['state'] === 'failed') {
            throw new BerthError($service['next'], 'failed');
        }
        Capsule::table('tblhosting')->where('id', (int) $params['serviceid'])->update([
            'username' => berth_username($service),
            'dedicatedip' => (string) ($service['address'] ?? ''),
        ]);
    });
}

/** What `create` is told: the service, its client, what it is made of. */
function berth_creation(array $params): array
{
    $client = $params['clientsdetails'] ?? [];
    $company = trim((string) ($client['companyname'] ?? ''));
    $name = trim(($client['firstname'] ?? '') . ' ' . ($client['lastname'] ?? ''));
    $body = berth_named($params) + [
        'client' => [
            'externalId' => (string) ($client['userid'] ?? $params['userid'] ?? ''),
            'name' => berth_cut($name === '' ? ($company === '' ? (string) $client['email'] : $company) : $name, 100),
            'email' => (string) ($client['email'] ?? ''),
        ],
        'planId' => (string) ($params['configoption1'] ?? ''),
        'templateId' => (string) ($params['configoption2'] ?? ''),
    ];
    if ($company !== '') {
        $body['client']['company'] = berth_cut($company, 100);
    }
    // Two services may have the same domain; names are one's own within a tenant.
    $label = strtolower(explode('.', trim((string) ($params['domain'] ?? '')))[0]);
    $label = trim((string) preg_replace('/[^a-z0-9-]+/', '-', $label), '-');
    if ($label !== '') {
        $body['name'] = rtrim(substr($label, 0, 40), '-') . '-' . (int) $params['serviceid'];
    }
    if ((string) ($params['password'] ?? '') !== '') {
        $body['rootPassword'] = berth_text($params['password']);
    }
    return $body;
}

function berth_SuspendAccount(array $params): string
{
    return berth_do($params, __FUNCTION__, static function (BerthClient $client) use ($params): void {
        $reason = trim(berth_text($params['suspendreason'] ?? ''));
        $client->ask('suspend', berth_named($params) + ($reason === '' ? [] : ['message' => berth_cut($reason, 500)]));
    });
}

function berth_UnsuspendAccount(array $params): string
{
    return berth_do($params, __FUNCTION__, static function (BerthClient $client) use ($params): void {
        $client->ask('unsuspend', berth_named($params));
    });
}

function berth_TerminateAccount(array $params): string
{
    return berth_do($params, __FUNCTION__, static function (BerthClient $client) use ($params): void {
        $client->ask('terminate', berth_named($params));
    });
}

function berth_ChangePackage(array $params): string
{
    return berth_do($params, __FUNCTION__, static function (BerthClient $client) use ($params): void {
        $client->askPatiently('change-plan', berth_named($params) + ['planId' => (string) ($params['configoption1'] ?? '')]);
    });
}

function berth_ChangePassword(array $params): string
{
    return berth_do($params, __FUNCTION__, static function (BerthClient $client) use ($params): void {
        $client->askPatiently('reset-password', berth_named($params) + ['rootPassword' => berth_text($params['password'] ?? '')]);
    });
}

function berth_Renew(array $params): string
{
    return berth_do($params, __FUNCTION__, static function (BerthClient $client) use ($params): void {
        $due = isset($params['model']) && is_object($params['model']) ? ($params['model']->nextduedate ?? null) : null;
        $until = $due === null ? false : strtotime((string) $due . ' UTC');
        $client->ask('renew', berth_named($params) + ($until === false || $until <= 0 ? [] : ['paidUntil' => gmdate('Y-m-d\TH:i:s.000\Z', $until)]));
    });
}

function berth_ServiceSingleSignOn(array $params): array
{
    try {
        return ['success' => true, 'redirectTo' => (new BerthClient($params))->ask('sign-in-link', berth_named($params))['url']];
    } catch (Throwable $error) {
        berth_log($params, __FUNCTION__, $error->getMessage());
        return ['success' => false, 'errorMsg' => $error->getMessage()];
    }
}

/** Once a day by WHMCS's cron: what the services of one server use. */
function berth_UsageUpdate(array $params): void
{
    try {
        $client = new BerthClient($params);
        foreach (berth_pages($client, 'usage') as $usage) {
            if (!ctype_digit((string) $usage['externalServiceId'])) {
                continue;
            }
            Capsule::table('tblhosting')
                ->where('id', (int) $usage['externalServiceId'])
                ->where('server', (int) $params['serverid'])
                ->update([
                    'diskusage' => intdiv((int) ($usage['diskBytes'] ?? 0), BERTH_MIB),
                    'disklimit' => intdiv((int) ($usage['diskLimitBytes'] ?? 0), BERTH_MIB),
                    'bwusage' => intdiv((int) ($usage['receivedBytes'] ?? 0) + (int) ($usage['sentBytes'] ?? 0), BERTH_MIB),
                    'bwlimit' => 0,
                    'lastupdate' => gmdate('Y-m-d H:i:s'),
                ]);
        }
    } catch (Throwable $error) {
        berth_log($params, __FUNCTION__, $error->getMessage());
    }
}

/** For WHMCS's Server Sync: the services that there are on the panel. */
function berth_ListAccounts(array $params): array
{
    try {
        $states = ['suspended' => Status::SUSPENDED, 'terminating' => Status::TERMINATED, 'terminated' => Status::TERMINATED, 'failed' => Status::PENDING, 'creating' => Status::PENDING];
        $accounts = [];
        foreach (berth_pages(new BerthClient($params), 'list') as $service) {
            $accounts[] = [
                'name' => $service['tenantName'],
                'email' => (string) ($service['ownerEmail'] ?? ''),
                'username' => berth_username($service),
                'domain' => (string) ($service['containerName'] ?? ''),
                'uniqueIdentifier' => berth_username($service),
                'product' => (string) ($service['planId'] ?? ''),
                'primaryip' => (string) ($service['address'] ?? ''),
                'created' => gmdate('Y-m-d H:i:s', (int) strtotime($service['createdAt'])),
                'status' => $states[$service['state']] ?? Status::ACTIVE,
            ];
        }
        return ['success' => true, 'accounts' => $accounts];
    } catch (Throwable $error) {
        return ['success' => false, 'error' => $error->getMessage()];
    }
}

/** @return array<string, string> what an administrator sees beside the service */
function berth_AdminServicesTabFields(array $params): array
{
    try {
        $service = berth_find(new BerthClient($params), $params);
        if ($service === null) {
            return ['Berth' => 'The panel does not know this service yet.'];
        }
        $shown = ['State' => $service['state'], 'Next' => $service['next'], 'Container' => $service['containerName'], 'Log in' => $service['ssh']];
        return array_map(static fn ($text) => htmlspecialchars((string) $text, ENT_QUOTES), array_filter($shown));
    } catch (Throwable $error) {
        return ['Berth' => htmlspecialchars($error->getMessage(), ENT_QUOTES)];
    }
}

/** Runs one command and answers as WHMCS wants it: `success`, or what went wrong. */
function berth_do(array $params, string $function, callable $work): string
{
    try {
        $work(new BerthClient($params));
        return 'success';
    } catch (Throwable $error) {
        berth_log($params, $function, $error->getMessage());
        return $error->getMessage();
    }
}

/** Into WHMCS's module log: which service, and what came of it. Neither token nor passwords are handed to it. */
function berth_log(array $params, string $function, string $message): void
{
    logModuleCall('berth', $function, ['serviceid' => $params['serviceid'] ?? null, 'serverid' => $params['serverid'] ?? null], $message, $message, []);
}

function berth_named(array $params): array
{
    return ['externalServiceId' => (string) $params['serviceid']];
}

/** WHMCS hands passwords and texts over with &amp; for &. */
function berth_text($text): string
{
    return html_entity_decode((string) $text, ENT_QUOTES | ENT_HTML5, 'UTF-8');
}

/** At most so many characters; without the mbstring extension, which not every PHP has. */
function berth_cut(string $text, int $most): string
{
    return preg_match('/^.{0,' . $most . '}/us', $text, $found) === 1 ? $found[0] : substr($text, 0, $most);
}

/** What tells the service in WHMCS's own list from others. */
function berth_username(array $service): string
{
    return 'berth' . preg_replace('/[^A-Za-z0-9]/', '', $service['externalServiceId']);
}

function berth_find(BerthClient $client, array $params): ?array
{
    return $client->ask('list', berth_named($params) + ['limit' => 1])['items'][0] ?? null;
}

/** @return iterable<array<string, mixed>> */
function berth_pages(BerthClient $client, string $verb): iterable
{
    $cursor = null;
    do {
        $page = $client->ask($verb, ['limit' => 100] + ($cursor === null ? [] : ['cursor' => $cursor]));
        yield from $page['items'];
        $cursor = $page['nextCursor'];
    } while ($cursor !== null);
}
