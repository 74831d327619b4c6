#!/bin/sh
# Makes the secrets of this example, once: a key for the storage account of Azurite and a password for Redis.
# The two invitations are empty until a site has made them.
set -eu
cd "$(dirname "$0")"

# Only its owner can look into the folder. The files are readable for everyone in it, since in a container their reader is somebody else.
mkdir -m 700 -p secrets
umask 022

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }

if [ ! -e secrets/azurite.env ]; then
    key=$(random 64)
    echo "AZURITE_ACCOUNTS=orleansedge:$key" > secrets/azurite.env
    echo "DefaultEndpointsProtocol=http;AccountName=orleansedge;AccountKey=$key;BlobEndpoint=http://azurite:10000/orleansedge;" > secrets/store-connection
fi

[ -e secrets/redis-password ] || random 32 > secrets/redis-password
for site in harbour quarry; do
    [ -e "secrets/$site-invite" ] || : > "secrets/$site-invite"
done
