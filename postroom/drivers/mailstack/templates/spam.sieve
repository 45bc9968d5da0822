require [
    "editheader", "environment", "fileinto", "imap4flags", "mailbox", "reject", "variables", "vnd.dovecot.environment"
];

# One script for every mailbox. What holds for the mailbox comes with its userdb row, the score from Rspamd, and what
# the allow and block lists said from the scripts before this one. Allow wins.

set "spam" "";
if environment :matches "vnd.dovecot.config.stars" "?*" {
    set "stars" "${1}${2}";
    if header :contains "X-Spam-Level" "${stars}" {
        set "spam" "yes";
    }
}
if hasflag "$PostroomBlock" {
    set "spam" "yes";
}
if hasflag "$PostroomAllow" {
    set "spam" "";
}
removeflag ["$PostroomAllow", "$PostroomBlock"];

# Somebody here forwards to a mailbox that takes no mail. What came from elsewhere was promised to be delivered.
if allof(exists "X-Sieve-Redirected-From", environment :matches "vnd.dovecot.config.closed" "* * ?*") {
    set "why" "${3}${4}";
    if string :is "${spam}" "yes" {
        discard;
    } else {
        reject "${why}";
    }
} elsif string :is "${spam}" "yes" {
    addflag "$Junk";
    if environment :is "vnd.dovecot.config.spam_delivery" "quarantine" {
        set "folder" "Spam";
        if environment :matches "vnd.dovecot.config.spam_folder" "?*" {
            set "folder" "${1}${2}";
        }
        fileinto :create "${folder}";
        stop;
    }
    # The line as it is set, such as "X-Spam: yes": the name ends at the first colon.
    if environment :matches "vnd.dovecot.config.spam_header" "?*:*" {
        set "name" "${1}${2}";
        set "value" "${3}";
        if string :matches "${value}" " *" {
            set "value" "${1}";
        }
        deleteheader "${name}";
        addheader "${name}" "${value}";
    }
    if environment :matches "vnd.dovecot.config.spam_tag" "?*" {
        set "tag" "${1}${2}";
        set "subject" "";
        if header :matches "Subject" "*" {
            set "subject" "${1}";
        }
        deleteheader "Subject";
        addheader "Subject" "${tag} ${subject}";
    }
    # The scripts behind this one run all the same. By its end with `stop`, which no other message leads to, Dovecot's
    # metric postroom_spam knows spam (dovecot.conf).
    stop;
}
