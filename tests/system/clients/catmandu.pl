# Catmandu's importer walks a list: one JSON line for each record. Arguments: base URL, metadataPrefix.
use strict;
use warnings;
use Catmandu::Importer::OAI;
use JSON::PP;

my ($url, $prefix) = @ARGV;
my $json = JSON::PP->new->canonical->utf8;
Catmandu::Importer::OAI->new(url => $url, metadataPrefix => $prefix, handler => 'raw')->each(sub {
    my $record = shift;
    print $json->encode({
        identifier => $record->{_identifier},
        datestamp  => $record->{_datestamp},
        deleted    => $record->{_status} eq 'deleted' ? JSON::PP::true : JSON::PP::false,
        sets       => $record->{_setSpec},
        metadata   => $record->{_metadata},
    }), "\n";
});
