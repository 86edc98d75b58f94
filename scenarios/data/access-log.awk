# Makes access.log: awk -f access-log.awk > access.log
#
# The access log of a proxy through which five sellers' integrations call the Selling Partner API,
# 2026-11-26 from 10:00 to 12:00 UTC. Nobody's traffic: everything follows from this rule.
#
# - Each seller asks for new orders every so often, and then, a second apart, for the items of each
#   order that it was told of: up to `orders` of them.
# - Each seller looks products up in the catalogue every so often, one to four, two a second.
# - The first seller sets 40 prices at 10:30 and at 11:30, two a second.
# - Every 35th lookup is refused (429) and made again, with success, two seconds later.
# - A load balancer asks for /health every two minutes, a browser for /favicon.ico once.
# - Three lines are broken: cut off, without a time, and with a month that there is none of.
#
# Chance is the minimal standard generator of Park and Miller (1988), exact in every awk.

function chance(n) { state = (state * 16807) % 2147483647; return state % n }

# Adds a line at a second after 10:00:00.
function add(at, host, user, request, status, agent) {
    if (at >= 7200) return
    line[at] = line[at] sprintf("%s - %s [26/Nov/2026:%02d:%02d:%02d +0000] \"%s HTTP/1.1\" %d %d \"-\" \"%s\"\n", \
        host, user, 10 + int(at / 3600), int(at / 60) % 60, at % 60, request, status, \
        status == 429 ? 74 : 400 + chance(9000), agent)
}

function order() { return sprintf("%03d-%07d-%07d", 100 + chance(900), chance(10000000), chance(10000000)) }
function asin() { return sprintf("B0%08d", chance(100000000)) }

function seller(number, every, orders, lookup,    host, user, at, n, k, path) {
    host = "10.20.0." (10 + number); user = "seller-" number
    for (at = 3 + chance(every); at < 7200; at += every) {
        path = "/orders/v0/orders?MarketplaceIds=A1PA6795UKMFR9&LastUpdatedAfter=-" every "s"
        add(at, host, user, "GET " path, 200, "order-sync/3.1")
        n = chance(orders + 1)
        for (k = 1; k <= n; k++)
            add(at + k, host, user, "GET /orders/v0/orders/" order() "/orderItems", 200, "order-sync/3.1")
    }
    for (at = 5 + chance(lookup); at < 7200; at += 1 + chance(2 * lookup)) {
        n = 1 + chance(4)
        for (k = 0; k < n; k++) {
            path = "/catalog/2022-04-01/items/" asin() "?marketplaceIds=A1PA6795UKMFR9"
            if (++lookups % 35 > 0) {
                add(at + int(k / 2), host, user, "GET " path, 200, "catalog-cache/1.0")
                continue
            }
            add(at + int(k / 2), host, user, "GET " path, 429, "catalog-cache/1.0")
            add(at + int(k / 2) + 2, host, user, "GET " path, 200, "catalog-cache/1.0")
        }
    }
}

BEGIN {
    state = 20261126
    seller(1, 70, 14, 45)
    seller(2, 120, 8, 75)
    seller(3, 120, 6, 75)
    seller(4, 180, 6, 110)
    seller(5, 300, 9, 110)
    for (half = 1800; half < 7200; half += 3600)
        for (n = 0; n < 40; n++)
            add(half + int(n / 2), "10.20.0.11", "seller-1", \
                "PATCH /listings/2021-08-01/items/A2ONEEXAMPLE/SKU-" (1000 + n) "?marketplaceIds=A1PA6795UKMFR9", \
                200, "repricer/0.9")
    for (at = 0; at < 7200; at += 120)
        add(at, "10.20.0.2", "-", "GET /health", 200, "ELB-HealthChecker/2.0")
    add(4321, "10.20.0.99", "-", "GET /favicon.ico", 404, "Mozilla/5.0")
    line[1500] = line[1500] "10.20.0.11 - seller-1 [26/Nov/2026:10:25:00 +0000] \"GET /orders/v0/ord\n"
    line[3600] = line[3600] "10.20.0.12 - seller-2 - \"GET /orders/v0/orders HTTP/1.1\" 200 512 \"-\" \"order-sync/3.1\"\n"
    line[5000] = line[5000] "10.20.0.13 - seller-3 [26/Nox/2026:11:23:20 +0000] \"GET /orders/v0/orders HTTP/1.1\" 200 512 \"-\" \"order-sync/3.1\"\n"
    for (at = 0; at < 7200; at++) printf "%s", line[at]
}
