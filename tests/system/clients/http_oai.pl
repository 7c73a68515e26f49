# HTTP::OAI walks a list: one JSON line for each record. Arguments: base URL, metadataPrefix.
use strict;
use warnings;
use HTTP::OAI;
use JSON::PP;

my ($url, $prefix) = @ARGV;
my $json = JSON::PP->new->canonical->utf8;
my $harvester = HTTP::OAI::Harvester->new(baseURL => $url);

# Its iterator has the last page only, its callback has all.
my $answer = $harvester->ListRecords(
    metadataPrefix => $prefix,
    onRecord       => sub {
        my $record = shift;
        my $metadata = $record->metadata;
        my ($root) = $metadata ? grep { $_->nodeType == 1 } map { $_->childNodes } $metadata->dom->childNodes : ();
        print $json->encode({
            identifier => $record->identifier,
            datestamp  => $record->datestamp,
            deleted    => $record->is_deleted ? JSON::PP::true : JSON::PP::false,
            sets       => [$record->header->setSpec],
            metadata   => $root ? $root->toString : undef,
        }), "\n";
    },
);
die $answer->message . "\n" if $answer->is_error;
